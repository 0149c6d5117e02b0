"""Two scorecards as a Markdown table."""

from __future__ import annotations

from include.pipelines.evaluation.scorecards import scorecards


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
