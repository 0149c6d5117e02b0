"""The figures of a report for the window as a whole, which later windows are plotted with."""

from __future__ import annotations

import pytest

from include.jobs.drift.documents import Json, whole

JOINT: Json = {"status": "OK", "distance": 0.03}
ESTIMATED: Json = {"score": "auc", "scores": {"auc": {"value": 0.9}, "f1": {"value": 0.7}}}


@pytest.mark.parametrize(
    ("report", "figures"),
    [
        ({"joint": JOINT, "estimated": ESTIMATED}, (0.03, 0.9)),
        ({"joint": JOINT | {"status": None}, "estimated": ESTIMATED}, (None, 0.9)),
        ({"joint": JOINT, "estimated": {"score": None, "reason": "few"}}, (0.03, None)),
        ({"joint": None, "estimated": None}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_a_figure_is_that_which_was_judged(
    report: Json, figures: tuple[float | None, float | None]
) -> None:
    assert whole(report) == figures
