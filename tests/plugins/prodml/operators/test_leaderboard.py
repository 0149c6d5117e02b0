from __future__ import annotations

from typing import Any

from prodml.operators.leaderboard import LeaderboardOperator
from prodml.operators.lineage import LineageOperator

from tests.plugins.runs import Ti, run


def body(s3: Any, uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())


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
    header, first = body(s3, result["csv"]).splitlines()
    assert "num_round" in header
    assert trained["job_name"] in first
    html = body(s3, result["page"])
    assert "<polyline" in html
    assert ti.pushed["report"].startswith("/prodml/reports/")


def test_the_lineage_goes_from_the_job_to_the_version(
    s3: Any, trained: dict[str, Any], package: str, bucket: str, ti: Ti, unique: str
) -> None:
    uri = f"s3://{bucket}/{unique}/lineage.csv"
    operator = LineageOperator(
        task_id="lineage", trial=trained["trial"], group="tests", endpoint=unique, output_uri=uri
    )
    rows = run(operator, ti)["rows"]
    kinds = [row["kind"] for row in rows]
    assert kinds[0] == "training-job"
    assert package in [row["name"] for row in rows if row["kind"] == "model-package"]
    assert "endpoint" not in kinds
    assert body(s3, uri).splitlines()[0] == "step,kind,name,status,started,ended"
