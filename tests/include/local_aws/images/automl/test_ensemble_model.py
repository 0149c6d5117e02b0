"""The weights of the bags of an ensemble, and what it predicts by them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.include.local_aws.images.modules import Load


class Chances:
    """A classifier whose probability of the second class is a column of its rows."""

    classes_ = np.array([0, 1])

    def __init__(self, column: int) -> None:
        self._column = column

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return np.stack([1 - rows[:, self._column], rows[:, self._column]], axis=1)


class Column:
    """A regressor whose number is a column of its rows."""

    def __init__(self, column: int) -> None:
        self._column = column

    def predict(self, rows: np.ndarray) -> Any:
        return rows[:, self._column]


def test_a_bag_without_a_part_in_the_least_loss_has_no_weight(load: Load) -> None:
    truth = np.array([0.0, 1.0, 0.0, 1.0])
    low, high, wrong = truth - 1, truth + 1, 9 - truth
    chosen = load("ensemble_model").weights([low, high, wrong], truth)
    assert chosen.tolist() == [0.5, 0.5, 0.0], "their errors cancel out"
    sure, unsure = np.stack([1 - truth, truth], axis=1), np.full((4, 2), 0.5)
    assert load("ensemble_model").weights([unsure, sure], truth).tolist() == [0.0, 1.0]


def test_classes_are_predicted_by_the_weighted_mean_of_the_bags(load: Load) -> None:
    ensemble = load("ensemble_model").Classes
    bags = [[Chances(0), Chances(1)], [Chances(2)], [Chances(3)]]
    model = ensemble(bags, np.array([0.5, 0.5, 0.0]))
    rows = np.array([[0.2, 0.4, 0.5, 1.0], [0.8, 1.0, 0.5, 0.0]])
    assert np.allclose(model.predict_proba(rows)[:, 1], [0.4, 0.7])
    assert model.predict(rows).tolist() == [0, 1]
    assert model.classes_.tolist() == [0, 1]


def test_a_quantity_is_the_weighted_mean_and_has_no_probabilities(load: Load) -> None:
    ensemble = load("ensemble_model").Quantity
    model = ensemble([[Column(0)], [Column(1), Column(2)]], np.array([0.25, 0.75]))
    assert model.predict(np.array([[4.0, 1.0, 3.0]])).tolist() == [2.5]
    assert not hasattr(model, "predict_proba")
