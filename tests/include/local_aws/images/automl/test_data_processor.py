"""A fitted data processor, as the job leaves it in its model."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.include.local_aws.images.modules import Load


@pytest.mark.parametrize(
    ("problem", "classes", "scaled", "shift"),
    [("BinaryClassification", ["1", "3"], "0", 0.0), ("Regression", [], "1", 15.0)],
)
def test_the_model_has_the_processor_and_all_that_serves_it(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    problem: str,
    classes: list[str],
    scaled: str,
    shift: float,
) -> None:
    train, model = tmp_path / "train", tmp_path / "model"
    train.mkdir()
    model.mkdir()
    (train / "data.csv").write_text("3,10\n1,20\n")
    monkeypatch.setenv("SM_CHANNEL_TRAIN", str(train))
    monkeypatch.setenv("SM_MODEL_DIR", str(model))
    monkeypatch.setattr(sys, "argv", ["job", "--scaled", scaled, "--problem-type", problem])
    load("data_processor").main()
    document = json.loads((model / load("processor").DOCUMENT).read_text())
    assert document["classes"] == classes
    assert document["columns"][0]["shift"] == shift
    assert load("processor").Processor(document).features(["15"])[0] == ("0" if shift else "15")
    served = {path.name for path in (model / "code").iterdir()}
    assert served == {"sagemaker_serve.py", "processor.py", "tables.py", "refusals.py"}
    code = "".join((model / "code" / name).read_text() for name in served)
    for name in ("processor", "tables", "refusals"):
        assert f"from {name} import" in code, "each file is there for an import of another one"
