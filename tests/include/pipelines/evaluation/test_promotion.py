from __future__ import annotations

import dataclasses

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.evaluation.promotion import decide

GUARDED = dataclasses.replace(PIPELINE, guards={"log_loss": 0.1})
GOOD = {"auc": 0.91, "log_loss": 0.2}


@pytest.mark.parametrize(
    ("challenger", "champion", "accepted"),
    [(0.6, None, True), (0.92, 0.91, True), (0.92, 0.916, False), (0.9, 0.95, False)],
)
def test_only_a_gain_replaces_a_champion(
    challenger: float, champion: float | None, accepted: bool
) -> None:
    mine = GOOD | {"auc": challenger}
    theirs = None if champion is None else GOOD | {"auc": champion}
    verdict, reason = decide(GUARDED, mine, theirs, min_gain=0.005)
    assert verdict is accepted
    assert reason.startswith("Accepted" if accepted else "Rejected")
    assert f"{challenger:.4f}" in reason


@pytest.mark.parametrize(("loss", "accepted"), [(0.15, True), (0.29, True), (0.31, False)])
def test_a_gain_in_one_score_does_not_pay_for_a_loss_in_a_guarded_one(
    loss: float, accepted: bool
) -> None:
    better = {"auc": 0.95, "log_loss": loss}
    verdict, reason = decide(GUARDED, better, GOOD, min_gain=0.005)
    assert verdict is accepted
    assert ("its log_loss is worse by 0.11" in reason) is not accepted
