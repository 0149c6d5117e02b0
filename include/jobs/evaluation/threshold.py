"""Choose the probability from which a model decides for the positive class, by stated costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_curve

from .answers import HALF, Array
from .scores import Costs


class Threshold(NamedTuple):
    """The threshold, and what the errors that remain cost for each row, if costs are stated."""

    value: float = HALF
    cost_per_row: float | None = None


def cheapest(truth: Array, probabilities: Array, costs: Costs) -> Threshold:
    """Return the threshold whose errors cost the least on these rows.

    It lies midway between two probabilities, so that a rounded one is decided as before.
    """
    wrong, right, cuts = roc_curve(truth, probabilities, drop_intermediate=False)
    positives = truth.mean()
    paid = (
        costs.false_positive * wrong * (1 - positives)
        + costs.false_negative * (1 - right) * positives
    )
    place = int(np.argmin(paid))
    ends = np.append(np.minimum(cuts, 1.0), 0.0)
    return Threshold(float((ends[place] + ends[place + 1]) / 2), float(paid[place]))
