"""The page: one colour a trial, in the table, the curves and every scatter."""

from __future__ import annotations

import re
from typing import Any

from prodml.reports.leaderboard import page
from prodml.reports.pictures import colour


def _row(name: str, **parameters: float) -> dict[str, Any]:
    return {
        "rank": 1,
        "name": name,
        "job": name,
        "arn": name,
        "status": "Completed",
        "reason": "",
        "value": 0.5,
        "parameters": parameters,
        "metrics": {},
    }


def test_a_trial_keeps_its_colour_where_another_has_no_dot() -> None:
    """The first trial has no eta, so only the other two are in the scatter of depth and eta."""
    board = [
        _row("forest", depth=1.0),
        _row("shallow", depth=3.0, eta=0.1),
        _row("deep", depth=6.0, eta=0.2),
    ]
    html = page("churn", "auc", board, {})
    drawn = re.findall(r'fill:(var[^"]+)" fill-opacity="0.8"><title>(\w+): ', html)
    assert drawn == [(colour(1), "shallow"), (colour(2), "deep")]
    keys = re.findall(r"background:(var[^\"]+)\"></span> (\w+)", html)
    assert keys == [(colour(i), row["name"]) for i, row in enumerate(board)]


def test_names_are_text_and_never_markup() -> None:
    board = [_row("<b>", depth=1.0, eta=0.1), _row("deep", depth=2.0, eta=0.2)]
    assert "<b>" not in page(
        "churn", "auc", board, {("<b>", "auc"): {"x": [0], "y": [0.5], "unit": "iteration"}}
    )


def test_this_runs_winner_is_marked_and_earlier_trials_are_a_table_of_their_own() -> None:
    current = [_row("deep", depth=6.0), _row("shallow", depth=3.0) | {"rank": 2}]
    html = page("churn", "auc", current, {}, [_row("old", depth=2.0)], "window a to b")
    mine, _, earlier = html.partition("<h2>Earlier runs</h2>")
    assert "This run: window a to b" in mine
    assert "deep <strong>winner</strong>" in mine
    assert mine.count("winner") == 1
    assert "old" not in mine
    assert "> old<" in earlier
    assert "winner" not in earlier
