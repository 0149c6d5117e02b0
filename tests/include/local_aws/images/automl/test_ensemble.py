"""An ensemble as its training job leaves it, and its answers to raw rows."""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.include.local_aws.images.modules import Load

CSV = "text/csv"
ALGORITHMS = "randomforest,extra-trees,linear-learner"
ARGUMENTS = ["--folds", "3", "--trees", "10", "--depth", "2", "--algorithms", ALGORITHMS]


def rows(problem: str, count: int) -> list[list[object]]:
    """Return rows of a target, the number and the letter that decide about it, and noise."""
    source = random.Random(count)
    made: list[list[object]] = []
    for _ in range(count):
        size, letter = source.uniform(0, 10), source.choice("ab")
        level = size + (5 if letter == "b" else 0)
        targets = {
            "Regression": f"{level:.3f}",
            "BinaryClassification": "yes" if level > 7 else "no",
            "MulticlassClassification": ("low", "middle", "high")[(level > 4) + (level > 10)],
        }
        made.append([targets[problem], f"{size:.3f}", letter, f"{source.random():.3f}"])
    return made


def train(load: Load, monkeypatch: pytest.MonkeyPatch, home: Path, problem: str) -> Path:
    """Run the training script; return the folder of its model."""
    model = home / "model"
    model.mkdir()
    for name, count in (("train", 120), ("validation", 40)):
        (home / name).mkdir()
        with (home / name / "chunk_0.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows(problem, count))
        monkeypatch.setenv(f"SM_CHANNEL_{name.upper()}", str(home / name))
    monkeypatch.setenv("SM_MODEL_DIR", str(model))
    arguments = ["ensemble.py", "--problem-type", problem, *ARGUMENTS]
    monkeypatch.setattr(sys, "argv", arguments)
    load("ensemble").main()
    return model


def measured(printed: str, name: str) -> float:
    return float(printed.split(f"validation:{name}=")[1].partition(";")[0])


@pytest.mark.parametrize(
    ("problem", "metric", "answers"),
    [
        ("BinaryClassification", "auc", ["no", "yes"]),
        ("MulticlassClassification", "accuracy", ["low", "high"]),
    ],
)
def test_an_ensemble_names_the_classes_of_raw_rows(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    problem: str,
    metric: str,
    answers: list[str],
) -> None:
    folder = train(load, monkeypatch, tmp_path, problem)
    assert measured(capsys.readouterr().out, metric) > 0.8
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", "predicted_label")
    serve = load("ensemble_serve")
    model = serve.model_fn(str(folder))
    text, _ = serve.transform_fn(model, "1.0,a,0.5\n9.5,b,0.5\n", CSV, CSV)
    assert text.split() == answers
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", "labels, probabilities")
    labels, chances = next(csv.reader([serve.transform_fn(model, b"9.5,b,0.5\n", CSV, CSV)[0]]))
    by_class = dict(zip(json.loads(labels.replace("'", '"')), json.loads(chances), strict=True))
    assert max(by_class, key=lambda name: by_class[name]) == answers[1]


def test_an_ensemble_answers_numbers_and_refuses_other_rows(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = train(load, monkeypatch, tmp_path, "Regression")
    printed = capsys.readouterr().out
    assert measured(printed, "r2") > 0.8
    assert "'linear-learner': 0.0" not in printed, "the target is linear"
    serve = load("ensemble_serve")
    model = serve.model_fn(str(folder))
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", "predicted_label")
    text, _ = serve.transform_fn(model, "4.0,b,0.5\n", CSV, CSV)
    assert 8 < float(text) < 10
    started: list[str] = []
    for body, kind in ((b"4.0,b\n", CSV), (b"{}", "application/json")):
        application = serve.transform_fn(model, body, kind, CSV)
        application({}, lambda status, headers: started.append(status))
    assert started == ["400 Bad Request", "415 Unsupported Media Type"]


def test_the_server_of_a_model_has_every_file_that_it_imports(load: Load) -> None:
    script = load("ensemble")
    folder = Path(str(script.__file__)).parent
    code = "".join((folder / name).read_text() for name in script.CODE)
    imported = {path.stem for path in folder.glob("*.py") if f"from {path.stem} import" in code}
    unpickled = {"ensemble_model"}
    served = {f"{name}.py" for name in imported | unpickled}
    assert served == set(script.CODE) - {"ensemble_serve.py"}


def test_a_class_of_one_row_is_refused(load: Load) -> None:
    given = argparse.Namespace(problem_type="BinaryClassification", folds=3)
    with pytest.raises(SystemExit, match="single row"):
        load("ensemble").folds(np.array([0, 0, 1]), given)
