"""The model of an AutoML job in mode ENSEMBLING: bags of models, and their weights.

A bag has a model of one algorithm for each fold, trained on the rows outside of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

MOST_ROUNDS = 25  # choices of a bag; each adds the same share to its weight
Bag = list[Any]


class Quantity:
    """Predicts a number: the weighted mean of the bags."""

    def __init__(self, bags: list[Bag], weights: np.ndarray) -> None:
        self._bags = bags
        self._weights = weights

    def blended(self, rows: np.ndarray) -> np.ndarray:
        used = [at for at, weight in enumerate(self._weights) if weight]
        return sum(self._weights[at] * bag_output(self._bags[at], rows) for at in used)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.blended(rows)


class Classes(Quantity):
    """Predicts classes, which are the numbers from 0, by the weighted mean of probabilities."""

    @property
    def classes_(self) -> np.ndarray:
        return self._bags[0][0].classes_

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return self.blended(rows)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.predict_proba(rows).argmax(axis=1)


def output(model: Any, rows: np.ndarray) -> np.ndarray:
    """Return the probabilities of a classifier, the numbers of a regressor."""
    return model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows)


def bag_output(bag: Bag, rows: np.ndarray) -> np.ndarray:
    return np.mean([output(model, rows) for model in bag], axis=0)


def weights(outputs: list[np.ndarray], truth: np.ndarray) -> np.ndarray:
    """Return the weight of each bag, chosen one by one for the least loss of the mean.

    :param outputs: Of each bag, the outputs for rows that its models were not trained on.
    """
    counts = np.zeros(len(outputs))
    total, best = np.zeros_like(outputs[0]), np.inf
    for size in range(1, MOST_ROUNDS + 1):
        losses = [_loss((total + each) / size, truth) for each in outputs]
        choice = int(np.argmin(losses))
        if losses[choice] >= best:
            break
        best, total = losses[choice], total + outputs[choice]
        counts[choice] += 1
    return counts / counts.sum()


def _loss(blend: np.ndarray, truth: np.ndarray) -> float:
    """Return the log loss of probabilities, the mean squared error of numbers."""
    if blend.ndim == 1:
        return float(np.mean((blend - truth) ** 2))
    chances = blend[np.arange(len(truth)), truth.astype(int)]
    return float(-np.mean(np.log(np.clip(chances, 1e-12, 1))))
