"""Answers of a linear model or an MLP, with the content that the endpoint selects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from tests.include.local_aws.images.modules import Load


class Classifier:
    """A model whose answers are its rows."""

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return rows


class Regression:
    """A model whose answers are the sums of its rows."""

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return np.asarray(rows.sum(axis=1))


@pytest.mark.parametrize(
    ("model", "body", "text"),
    [
        (Classifier(), b"0.25,0.75\n1,0\n", "0.75\n0.0\n"),
        (Classifier(), "0.2,0.3,0.5\n", "0.2,0.3,0.5\n"),
        (Regression(), "1,2\n3,4\n", "3.0\n7.0\n"),
    ],
    ids=["binary", "several", "regression"],
)
def test_each_problem_has_its_usual_answer(load: Load, model: Any, body: Any, text: str) -> None:
    serve = load("algorithm_serve")
    assert serve.transform_fn(model, body, "text/csv", "text/csv") == (text, "text/csv")


def test_the_endpoint_selects_the_content_of_an_answer(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = load("algorithm_serve")
    keys = "predicted_label, probability,Labels,probabilities,colour"
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", keys)
    (binary,) = serve.answered(Classifier(), np.array([[0.75, 0.25]]))
    assert binary == [0, 0.25, [0, 1], [0.75, 0.25], "nan"]
    (several,) = serve.answered(Classifier(), np.array([[0.2, 0.3, 0.5]]))
    assert several[:2] == [2, 0.5]


@pytest.mark.parametrize("body", ["1,yes\n", "1,2\n3\n", b"\xff"])
def test_rows_that_are_no_numbers_are_refused(load: Load, body: str | bytes) -> None:
    started: list[str] = []
    application = load("algorithm_serve").transform_fn(Regression(), body, "text/csv", "text/csv")
    (reason,) = application({}, lambda status, headers: started.append(status))
    assert started == ["400 Bad Request"]
    assert reason.startswith(b"Unable to evaluate payload provided: ")


def test_the_model_is_that_of_its_folder(load: Load, tmp_path: Path) -> None:
    joblib.dump({"weights": [1.0]}, tmp_path / "model.joblib")
    assert load("algorithm_serve").model_fn(str(tmp_path)) == {"weights": [1.0]}
