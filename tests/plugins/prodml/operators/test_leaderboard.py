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
