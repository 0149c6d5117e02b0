"""Two scorecards as a Markdown table."""

from __future__ import annotations

from typing import Any

from include.pipelines.evaluation.scorecards import basis, scorecards


def test_the_challengers_scores_decide_the_rows() -> None:
    table = scorecards({"auc": 0.91234, "logloss": 0.3}, {"auc": 0.9, "recall": 0.5})
    assert table.splitlines() == [
        "| score | this model | in production |",
        "|---|---|---|",
        "| auc | 0.9123 | 0.9000 |",
        "| logloss | 0.3000 | no model |",
    ]


def test_without_a_champion_every_row_says_so() -> None:
    assert scorecards({"auc": 0.5}, None).endswith("| auc | 0.5000 | no model |")


def test_no_scores_make_a_table_without_rows() -> None:
    assert len(scorecards({}, {"auc": 0.9}).splitlines()) == 2


def test_the_basis_names_window_rows_and_a_pin_that_overrides_the_answer() -> None:
    window: Any = {"start": "2024-01-01", "end": "2024-02-05", "rows": 2500}
    free = basis(window, None, "/prodml/board")
    assert "window 2024-01-01 to 2024-02-05, 2500 rows" in free
    assert "(/prodml/board)" in free
    assert "pinned" not in free
    assert "version 3 is pinned" in basis(window, 3, "/prodml/board")
