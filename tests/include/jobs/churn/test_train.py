"""The scikit-learn script: trained as the container does it, and served by its own functions."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from include.jobs.churn.train import candidate, channel, input_fn, model_fn, output_fn, predict_fn
from include.settings import ROOT

SCRIPT = ROOT / "include" / "jobs" / "churn" / "train.py"


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Rows whose first feature decides the label, and a folder for the model."""
    base = tmp_path_factory.mktemp("train")
    draw = np.random.default_rng(1)
    for name in ("train", "validation"):
        features = draw.normal(size=(300, 3))
        (base / name).mkdir()
        rows = np.column_stack([features[:, 0] > 0, features])
        np.savetxt(base / name / "a.csv", rows, delimiter=",", fmt="%.5f")
    (base / "model").mkdir()
    result = {f"SM_CHANNEL_{n.upper()}": str(base / n) for n in ("train", "validation")}
    return result | {"SM_MODEL_DIR": str(base / "model")}


@pytest.mark.parametrize("model", ["random_forest", "logistic_regression"])
def test_it_trains_reports_and_serves(model: str, channels: dict[str, str]) -> None:
    command = [sys.executable, str(SCRIPT), "--model", model, "--n-estimators", "10", "-c", "2"]
    done = subprocess.run(
        command, env=os.environ | channels, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    metrics = dict(re.findall(r"(\w+):auc=([\d.]+);", done.stdout))
    assert float(metrics["validation"]) > 0.9
    served = model_fn(channels["SM_MODEL_DIR"])
    scores = predict_fn(input_fn(b"2.0,0,0\n-2.0,0,0", "text/csv; charset=utf-8"), served)
    text, content_type = output_fn(scores, "text/csv")
    assert content_type == "text/csv"
    answer = text.split("\n")
    assert float(answer[0]) > 0.5 > float(answer[1])
    assert answer[2] == ""


def test_a_channels_files_are_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("1,0.5,2\n")
    (tmp_path / "b.csv").write_text("0,1.5,3\n1,2.5,4\n")
    monkeypatch.setenv("SM_CHANNEL_TRAIN", str(tmp_path))
    labels, features = channel("train")
    assert labels.tolist() == [1, 0, 1]
    assert features.shape == (3, 2)


def test_hyperparameters_reach_the_model() -> None:
    forest = argparse.Namespace(model="random_forest", n_estimators=7, min_samples_leaf=3, c=1.0)
    assert candidate(forest).n_estimators == 7
    regression = argparse.Namespace(model="logistic_regression", c=0.25)
    assert candidate(regression)[-1].C == 0.25


def test_another_content_type_is_refused() -> None:
    with pytest.raises(ValueError, match="'application/json' is not text/csv"):
        input_fn("[1]", "application/json")


def test_an_error_of_the_endpoint_does_not_quote_the_record() -> None:
    with pytest.raises(ValueError, match="not CSV rows of numbers") as refused:
        input_fn(b"1,canary-of-a-person", "text/csv")
    assert refused.value.__suppress_context__
    assert "canary" not in str(refused.value)
