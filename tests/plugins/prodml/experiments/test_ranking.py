from __future__ import annotations

import csv
import io
import math
from typing import Any

import pytest
from prodml.experiments.ranking import as_csv, ranked
from prodml.reports.leaderboard import page
from prodml.vocabulary import Direction

AUC = "validation:auc - Last"


def row(name: str, **members: Any) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:000000000000:training-job/{name}"
    facts = {"DisplayName": name, "SourceArn": arn, "job": name, "trial": f"t-{name}"}
    return (
        facts
        | {"status": "Completed", "max_depth": '"3"', "objective": "binary:logistic"}
        | members
    )


ROWS = [
    row("nan", **{AUC: math.nan}),
    row("failed", **{AUC: 0.99}, status="Failed"),
    row("second", **{AUC: 0.8}),
    row("missing"),
    row("best", **{AUC: 0.9}),
    row("also-second", **{AUC: 0.8}),
    row("fourth", **{AUC: 0.7}),
    row("infinite", **{AUC: math.inf}),
    row("stopped", **{AUC: 0.95}, status="Stopped"),
]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (Direction.MAXIMIZE, [(1, "best"), (2, "also-second"), (2, "second"), (4, "fourth")]),
        (Direction.MINIMIZE, [(1, "fourth"), (2, "also-second"), (2, "second"), (4, "best")]),
    ],
)
def test_ties_share_a_rank_and_what_cannot_be_compared_has_none(
    direction: Direction, expected: list[tuple[int, str]]
) -> None:
    board = ranked(ROWS, "validation:auc", "Last", direction)
    assert [(r["rank"], r["name"]) for r in board[:4]] == expected
    assert {r["name"]: r["reason"] for r in board[4:]} == {
        "failed": "Failed",
        "infinite": "validation:auc is inf",
        "missing": "no validation:auc",
        "nan": "validation:auc is nan",
        "stopped": "Stopped",
    }
    assert {r["rank"] for r in board[4:]} == {None}


def test_another_statistic_is_another_column() -> None:
    rows = [row("a", **{AUC: 0.9, "validation:auc - Min": 0.1})]
    assert ranked(rows, "validation:auc", "Min", Direction.MAXIMIZE)[0]["value"] == 0.1


def test_parameters_and_metrics_are_columns_of_the_csv_file() -> None:
    table = list(
        csv.DictReader(
            io.StringIO(as_csv(ranked(ROWS, "validation:auc", "Last", Direction.MAXIMIZE)))
        )
    )
    assert len(table) == len(ROWS)
    assert table[0]["max_depth"] == "3.0"
    assert table[0]["objective"] == "binary:logistic"
    assert table[0]["validation:auc"] == "0.9"


def test_the_page_is_self_contained_and_escapes_what_people_wrote() -> None:
    board = ranked(
        [
            row("<b>", **{AUC: 0.9}, max_depth="3", eta="0.1"),
            row("b", **{AUC: 0.8}, max_depth="5", eta="0.2"),
        ],
        "validation:auc",
        "Last",
        Direction.MAXIMIZE,
    )
    curve = {"x": [0, 1, 2], "y": [0.5, 0.7, 0.9], "unit": "iteration"}
    series = {(board[0]["arn"], "validation:auc"): curve}
    html = page("mine", "validation:auc", board, series)
    assert html.count("<polyline") == 2
    assert html.count("<svg") == 1 + 3  # one curve; eta, max_depth and auc in pairs
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert "<script" not in html
    assert "http" not in html
