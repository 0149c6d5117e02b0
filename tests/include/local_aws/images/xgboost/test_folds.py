"""Cross validation: the splits, and the predictions of rows that a model was not trained on."""

from __future__ import annotations

import numpy as np

from tests.include.local_aws.images.interpreter import Interpreter


def test_each_row_is_held_out_once_a_repetition(xgboost: Interpreter) -> None:
    code = """
import numpy as np
from folds import _splits
labels = np.array([0.0] * 8 + [1.0] * 4)
answer = [[train.tolist(), held.tolist()] for train, held in _splits(labels, 4, 2, True)]
"""
    splits = xgboost.run(code)
    assert len(splits) == 8
    for repetition in (splits[:4], splits[4:]):
        assert sorted(row for _, held in repetition for row in held) == list(range(12))
    for train, held in splits:
        assert sorted(train + held) == list(range(12))
        assert sum(row >= 8 for row in held) == 1  # stratified by class


def test_predictions_have_label_probability_and_most_frequent_class(xgboost: Interpreter) -> None:
    code = """
import numpy as np
from folds import Predictions
predictions = Predictions(np.array([0.0, 1.0]), 2, True)
predictions.record(np.array([0, 1]), np.array([0.2, 0.9]))
predictions.record(np.array([1, 0]), np.array([0.7, 0.4]))
predictions.save()
"""
    xgboost.run(code)
    table = np.loadtxt(xgboost.base / "output" / "data" / "predictions.csv", delimiter=",")
    assert np.allclose(table, [[0, 0.3, 0], [1, 0.8, 1]])


def test_a_missing_validation_channel_fails_as_in_the_container(xgboost: Interpreter) -> None:
    code = """
from boosting import Boosting
from folds import cross_validated
cross_validated(Boosting({"_kfold": 3}, {}, reports=True))
"""
    assert xgboost.refused(code).startswith("RuntimeError: XGB train call failed")
