"""The container's own metrics, by scikit-learn's definitions."""

from __future__ import annotations

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

MEASURE = """
import numpy as np, xgboost as xgb
from metrics import evaluation
truth = xgb.DMatrix(np.zeros((len(labels), 1)), label=labels)
answer = dict(evaluation(names, objective)(np.array(scores), truth))
"""


def test_of_two_classes(xgboost: Interpreter) -> None:
    """One hit, one miss, one false alarm, two true negatives; scikit-learn agrees."""
    names = ["accuracy", "precision", "recall_macro", "f1_binary", "balanced_accuracy", "mse"]
    values = xgboost.run(
        MEASURE,
        names=names,
        objective="binary:logistic",
        labels=[1, 1, 0, 0, 0],
        scores=[0.9, 0.1, 0.8, 0.2, 0.0],
    )
    expected = {
        "accuracy": 3 / 5,
        "precision": 1 / 2,
        "recall_macro": (1 / 2 + 2 / 3) / 2,
        "f1_binary": 1 / 2,
        "balanced_accuracy": (1 / 2 + 2 / 3) / 2,
        "mse": (0.01 + 0.81 + 0.64 + 0.04 + 0) / 5,
    }
    assert values == pytest.approx(expected, abs=1e-6)


def test_of_many_classes_the_most_probable_counts(xgboost: Interpreter) -> None:
    scores = [[0.1, 0.7, 0.2], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3]]
    given = {"names": ["accuracy", "f1"], "objective": "multi:softprob", "labels": [1, 0, 2]}
    values = xgboost.run(MEASURE, scores=scores, **given)
    assert values == pytest.approx({"accuracy": 2 / 3, "f1": (1 + 2 / 3 + 0) / 3})


def test_a_constant_truth_has_an_r2_of_one(xgboost: Interpreter) -> None:
    """No spread to explain: a division by zero would be NaN."""
    given = {"names": ["r2"], "objective": "reg:squarederror", "labels": [2, 2], "scores": [2, 3]}
    assert xgboost.run(MEASURE, **given) == {"r2": 1.0}


@pytest.mark.parametrize(
    ("parameters", "metric"),
    [
        ({"_tuning_objective_metric": "validation:f1", "eval_metric": ["auc"]}, "f1"),
        ({"eval_metric": ["logloss", "auc"]}, "auc"),
        ({}, None),
    ],
)
def test_the_tuned_metric_decides_else_the_last(
    xgboost: Interpreter, parameters: dict[str, object], metric: str | None
) -> None:
    code = "from metrics import watched\nanswer = watched(parameters)"
    assert xgboost.run(code, parameters=parameters) == metric
