"""The threshold by the costs of both errors."""

from __future__ import annotations

import numpy as np
import pytest

from include.jobs.evaluation.scores import Costs
from include.jobs.evaluation.threshold import Threshold, cheapest

TRUTH = np.array([0, 0, 1, 1])
CHANCES = np.array([0.1, 0.4, 0.3, 0.8])


@pytest.mark.parametrize(
    ("costs", "value"),
    [(Costs(1, 10), 0.2), (Costs(10, 1), 0.6)],
    ids=["dear miss", "dear alarm"],
)
def test_the_dearer_error_is_avoided(costs: Costs, value: float) -> None:
    """One row of four is the error that remains; the cut lies midway between two answers."""
    assert cheapest(TRUTH, CHANCES, costs) == pytest.approx((value, 0.25))


def test_a_model_that_is_worse_than_no_alarm_never_alarms() -> None:
    chosen = cheapest(np.array([1, 0]), np.array([0.2, 0.8]), Costs(10, 1))
    assert chosen == pytest.approx((0.9, 0.5))


def test_a_model_that_makes_no_error_costs_nothing() -> None:
    chosen = cheapest(TRUTH, np.array([0.1, 0.2, 0.6, 0.9]), Costs(1, 1))
    assert chosen == pytest.approx((0.4, 0.0))


def test_nothing_is_paid_where_no_costs_are_stated() -> None:
    assert Threshold() == (0.5, None)
