from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.evaluation.decision import Outcome, decide

GUARDED = dataclasses.replace(PIPELINE, guards={"log_loss": 0.1})


def evaluated(champion: float | None, reach: float = 0.0, loss: float = 0.2) -> Any:
    """Return the evaluation of a model with an auc of 0.92; the gain's interval has a *reach*."""
    scores = {"auc": {"value": 0.92}, "log_loss": {"value": loss}}
    better = 0.92 - (champion or 0)
    rival = {"scores": {"auc": {"value": champion}, "log_loss": {"value": 0.2}}}
    return {
        "problem": "binary",
        "rows": 500,
        "confidence": 0.95,
        "challenger": {"scores": scores},
        "champion": None if champion is None else rival,
        "gains": {
            "auc": {"value": better, "interval": [better - reach, better + reach]},
            "log_loss": {"value": 0.2 - loss},
        },
    }


@pytest.mark.parametrize(
    ("champion", "reach", "outcome"),
    [
        (None, 0.0, Outcome.ACCEPTED),
        (0.91, 0.004, Outcome.ACCEPTED),
        (0.91, 0.006, Outcome.NOT_SURE),
        (0.916, 0.0, Outcome.REJECTED),
        (0.95, 0.02, Outcome.REJECTED),
        (0.95, 0.05, Outcome.NOT_SURE),
    ],
)
def test_all_of_the_interval_decides(
    champion: float | None, reach: float, outcome: Outcome
) -> None:
    decision = decide(GUARDED, evaluated(champion, reach), min_gain=0.005)
    assert decision.outcome is outcome
    assert decision.reason.lower().startswith(outcome.value)
    assert "0.9200" in decision.reason


def test_a_verdict_that_is_not_sure_says_how_many_rows_would_decide() -> None:
    """The gain is 0.005 above min_gain, and the interval reaches twice as far: four times 500."""
    reason = decide(GUARDED, evaluated(0.91, 0.01), min_gain=0.005).reason
    assert "better by 0.0100 (0.0000 to 0.0200 with 95% confidence)" in reason
    assert "About 1,500 more rows in the holdout of 500 would decide." in reason
    close = decide(GUARDED, evaluated(0.9151, 0.05), min_gain=0.005).reason
    assert "more rows would hardly decide" in close


@pytest.mark.parametrize(("loss", "kept"), [(0.15, False), (0.29, False), (0.31, True)])
def test_a_gain_in_one_score_does_not_pay_for_a_loss_in_a_guarded_one(
    loss: float, kept: bool
) -> None:
    decision = decide(GUARDED, evaluated(0.8, 0.01, loss), min_gain=0.005)
    assert (decision.outcome is Outcome.REJECTED) is kept
    assert ("its log_loss is worse by 0.11" in decision.reason) is kept


def test_a_holdout_with_one_class_has_no_auc_to_decide_by() -> None:
    alone = evaluated(None)
    del alone["challenger"]["scores"]["auc"]
    with pytest.raises(ValueError, match="only one class, so that there is no auc"):
        decide(GUARDED, alone, min_gain=0.005)
