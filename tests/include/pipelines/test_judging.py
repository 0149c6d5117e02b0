from __future__ import annotations

import random

import pytest

from include.pipelines.judging import auc, decide


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 1.0),
        ([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], 0.0),
        ([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5),
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.75),
    ],
)
def test_auc_of_known_rankings(labels: list[int], scores: list[float], expected: float) -> None:
    assert auc(labels, scores) == expected


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    draw = random.Random(1)
    labels = [draw.random() < 0.3 for _ in range(200)]
    scores = [round(draw.random() + 0.2 * label, 1) for label in labels]  # with many ties
    leavers = [s for s, label in zip(scores, labels, strict=True) if label]
    stayers = [s for s, label in zip(scores, labels, strict=True) if not label]
    won = sum((a > b) + 0.5 * (a == b) for a in leavers for b in stayers)
    expected = won / (len(leavers) * len(stayers))
    assert auc([int(label) for label in labels], scores) == pytest.approx(expected, abs=1e-12)


def test_lost_rows_and_a_single_class_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1 scores for 2 labels.*Look at its \.out file"):
        auc([0, 1], [0.5])
    with pytest.raises(ValueError, match="one class only"):
        auc([0, 0], [0.5, 0.6])


@pytest.mark.parametrize(
    ("challenger", "champion", "accepted"),
    [(0.6, None, True), (0.92, 0.91, True), (0.92, 0.916, False), (0.9, 0.95, False)],
)
def test_only_a_gain_replaces_a_champion(
    challenger: float, champion: float | None, accepted: bool
) -> None:
    verdict, reason = decide(challenger, champion, min_gain=0.005)
    assert verdict is accepted
    assert reason.startswith("Approved" if accepted else "Rejected")
    assert f"{challenger:.4f}" in reason
