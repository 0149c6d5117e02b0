"""Two scorecards as a Markdown table."""

from __future__ import annotations

import pytest

from include.pipelines.evaluation.scorecards import (
    basis,
    evaluation_card,
    moves,
    origin,
    scorecards,
    stays,
)
from tests.plugins.prodml.reports.evaluations import evaluation


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


def test_an_evaluation_shows_intervals_the_threshold_and_what_it_decides() -> None:
    card = evaluation_card(evaluation())
    mine, theirs = "0.9000 (0.8800 to 0.9200)", "0.8000 (0.7800 to 0.8200)"
    assert card.splitlines()[2] == f"| auc | {mine} | {theirs} | 0.1000 (0.0800 to 0.1200) |"
    assert "a false positive costs 1 and a false negative 5, 0.42 for each validation row" in card
    assert "| | said no | said yes |" in card
    assert "| is no | 1,400 | 3 |" in card
    assert "| no model | - |" in evaluation_card(evaluation(champion=None))


FACTS: dict[str, object] = {
    "window_start": "2024-01-01",
    "window_end": "2024-02-05",
    "training_rows": "2000",
    "holdout_rows": "500",
    **origin("retrain_churn", "manual__2024-02-05T00:00:00+00:00", "leaderboard"),
}


def test_the_basis_names_window_and_rows_and_links_leaderboard_and_lineage() -> None:
    page = "/prodml/reports/retrain_churn/manual__2024-02-05T00%3A00%3A00%2B00%3A00"
    assert basis(FACTS, []).splitlines() == [
        "- window 2024-01-01 to 2024-02-05",
        "- 2,000 rows to train and validate on, 500 held out for these scores",
        f"- [leaderboard of its run]({page}/leaderboard/-1)",
        f"- [lineage: its data, jobs and version]({page}/candidate_lineage/-1)",
    ]


def test_a_version_that_was_registered_by_hand_says_what_is_unknown() -> None:
    lines = basis({"window_end": "2024-02-05"}, []).splitlines()
    assert len([line for line in lines if ": unknown, as the version's metadata" in line]) == 3


def test_a_pin_that_overrides_the_answer_is_named_last() -> None:
    assert basis(FACTS, [stays(None)]) == basis(FACTS, [])
    last = basis(FACTS, [stays(3)]).splitlines()[-1]
    assert last.startswith("- **Version 3 is pinned and stays in production whatever the answer.")


@pytest.mark.parametrize(("pin", "then"), [(True, "is pinned instead"), (False, "stays pinned")])
def test_a_deployment_by_hand_says_what_becomes_of_another_pin(pin: bool, then: str) -> None:
    assert moves(None, pin) is None
    assert then in str(moves(3, pin))


def test_a_run_whose_id_the_registry_cannot_hold_is_left_out() -> None:
    assert origin("retrain_churn", "my run #7", "leaderboard") == {}
    assert origin("retrain_churn", "r" * 257, "leaderboard") == {}
