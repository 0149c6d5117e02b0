from __future__ import annotations

from typing import Any

from prodml.operators.leaderboard import LeaderboardOperator

from tests.plugins.runs import Ti, read_text, run


def test_a_trained_trial_is_ranked_drawn_and_linked(
    s3: Any, trained: dict[str, Any], experiment: str, bucket: str, ti: Ti, unique: str
) -> None:
    operator = LeaderboardOperator(
        task_id="board",
        experiment=experiment,
        metric="validation:auc",
        output_uri=f"s3://{bucket}/{unique}",
        trials=[trained["trial"]],
    )
    result = run(operator, ti)
    assert [(r["rank"], r["name"]) for r in result["board"]] == [(1, "tree")]
    assert result["board"][0]["value"] == trained["metrics"]["validation:auc"]
    header, first = read_text(s3, result["csv"]).splitlines()
    assert "num_round" in header
    assert trained["job_name"] in first
    html = read_text(s3, result["page"])
    assert "<polyline" in html
    assert ti.pushed["report"].startswith("/prodml/reports/")


def test_trials_of_another_run_are_a_table_of_their_own(
    s3: Any, trained: dict[str, Any], experiment: str, bucket: str, ti: Ti, unique: str
) -> None:
    def board(ti: Ti, current: list[Any]) -> dict[str, Any]:
        operator = LeaderboardOperator(
            task_id="board",
            experiment=experiment,
            metric="validation:auc",
            output_uri=f"s3://{bucket}/{unique}",
            trials=[trained["trial"]],
            current=current,
        )
        return dict(run(operator, ti))

    other = board(ti, [])
    assert (other["trials"], other["winner"], other["earlier"]) == (0, None, 1)
    assert read_text(s3, other["csv"]).splitlines()[1].endswith(",earlier")
    # One that this run has used again, and one that left no result: its tags name the run.
    for mine in (board(ti, [trained]), board(Ti("manual__trained"), [])):
        assert (mine["trials"], mine["winner"], mine["earlier"]) == (1, "tree", 0)
