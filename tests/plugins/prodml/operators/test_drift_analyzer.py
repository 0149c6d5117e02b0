"""The operators with the real analyzer, as Processing jobs on the prebuilt scikit-learn image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from prodml.operators.drift import DriftCheckOperator, ModelQualityOperator

from include.settings import ROOT
from tests.include.jobs.drift.data import drift, record, rows, write_table
from tests.plugins.runs import ROLE, Ti, processing_request, run

WINDOW = {
    "window_start": "2024-05-06T12:00:00+00:00",
    "window_end": "2024-05-06T13:00:00+00:00",
}
HOUR = "churn/AllTraffic/2024/05/06/12"


@pytest.fixture
def common(s3: Any, bucket: str, unique: str, tmp_path: Path) -> dict[str, Any]:
    """A baseline, and an hour of traffic whose every second answer is a yes."""
    drift("baseline", write_table(tmp_path / "b.csv", rows(1000, 1)), "--output", tmp_path / "b")
    for name in ("statistics.json", "constraints.json"):
        s3.upload_file(str(tmp_path / "b" / name), bucket, f"{unique}/baseline/{name}")
    lines = [
        record(row, answer="0.9" if i % 2 else "0.1", inference_id=f"i{i}")
        for i, row in enumerate(rows(400, 2, plans="abz"))
    ]
    put(s3, bucket, f"{unique}/capture/{HOUR}/a.jsonl", lines)
    return {
        "captures": [f"s3://{bucket}/{unique}/capture/churn/AllTraffic"],
        "endpoint": "churn",
        "output_uri": f"s3://{bucket}/{unique}/report/",
        "config": processing_request(),
        "source_dir": str(ROOT / "include" / "jobs"),
        "entry_point": "run.py",
        "arguments": ["drift"],
        "code_prefix": f"s3://{bucket}/code",
        "role_arn": ROLE,
        "poll_interval": 0.1,
        **WINDOW,
    }


def put(s3: Any, bucket: str, key: str, lines: list[str]) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=("\n".join(lines) + "\n").encode())


def test_drift_of_requests(common: dict[str, Any], bucket: str, unique: str, s3: Any) -> None:
    ti = Ti(run_id=f"manual__{unique}")
    uri = f"s3://{bucket}/{unique}/baseline/"
    verdict = run(DriftCheckOperator(task_id="check", baseline_uri=uri, **common), ti)
    assert (verdict["outcome"], verdict["columns"], verdict["rows"]) == ("ALERT", ["plan"], 400)
    assert (verdict["drift"], verdict["data_quality"]) == ("ALERT", "ALERT")
    source = ti.pushed["report_source"]
    assert source["uri"] == f"s3://{bucket}/{unique}/report/report.html"
    page = s3.get_object(Bucket=bucket, Key=f"{unique}/report/report.html")["Body"].read()
    assert b"plan" in page


def test_unreadable_traffic_is_failed_with_its_report(
    common: dict[str, Any], bucket: str, unique: str, s3: Any
) -> None:
    put(s3, bucket, f"{unique}/capture/{HOUR}/b.jsonl", ['{"captureData": '])
    uri = f"s3://{bucket}/{unique}/baseline/"
    operator = DriftCheckOperator(task_id="check", baseline_uri=uri, **common)
    verdict = run(operator, Ti(run_id=f"manual__{unique}"))
    assert (verdict["outcome"], verdict["columns"]) == ("FAILED", [])
    assert "b.jsonl line 1 is not a capture record" in verdict["reason"]
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=unique)["Contents"]]
    assert f"{unique}/report/report.html" in keys


def test_batch_files_are_checked_as_traffic_is(
    common: dict[str, Any], bucket: str, unique: str, s3: Any
) -> None:
    put(s3, bucket, f"{unique}/features/a.csv", rows(300, 5))
    put(s3, bucket, f"{unique}/scores/a.csv.out", [str(0.5 + i / 1000) for i in range(300)])
    put(s3, bucket, f"{unique}/held/a.out", [str(i / 300) for i in range(300)])
    batch = {k: v for k, v in common.items() if k not in ("captures", "endpoint", *WINDOW)}
    operator = DriftCheckOperator(
        task_id="check",
        data_uri=f"s3://{bucket}/{unique}/features/",
        answers_uri=f"s3://{bucket}/{unique}/scores/",
        predictions_uri=f"s3://{bucket}/{unique}/held/",
        baseline_uri=f"s3://{bucket}/{unique}/baseline/",
        **batch,
    )
    verdict = run(operator, Ti(run_id=f"manual__{unique}"))
    assert (verdict["outcome"], verdict["columns"]) == ("ALERT", [])
    assert (verdict["prediction_drift"], verdict["rows"]) == (["prediction"], 300)


def test_model_quality_once_labels_arrive(
    common: dict[str, Any], bucket: str, unique: str, s3: Any
) -> None:
    put(s3, bucket, f"{unique}/held/a.out", ["0.9" if i % 2 else "0.1" for i in range(500)])
    put(s3, bucket, f"{unique}/holdout/labels.csv", [str(i % 2) for i in range(500)])
    arguments = {
        "task_id": "measure",
        "labels_uri": f"s3://{bucket}/{unique}/labels",
        "problem": "binary",
        "predictions_uri": f"s3://{bucket}/{unique}/held/",
        "holdout_labels_uri": f"s3://{bucket}/{unique}/holdout/",
        **common,
    }
    none = run(ModelQualityOperator(**arguments), Ti(run_id=f"manual__{unique}-0"))
    assert (none["outcome"], none["job_name"]) == ("NO_DATA", None)
    labels = [
        json.dumps(
            {
                "groundTruthData": {"data": str(int(i % 4 == 1)), "encoding": "CSV"},
                "eventMetadata": {"eventId": f"i{i}"},
                "eventVersion": "0",
            }
        )
        for i in range(300)
    ]
    hour = HOUR.replace("AllTraffic", "Challenger")  # ids join labels, whichever variant answered
    put(s3, bucket, f"{unique}/labels/{hour}/late.jsonl", labels)
    quality = run(ModelQualityOperator(**arguments), Ti(run_id=f"manual__{unique}-1"))
    assert (quality["outcome"], quality["rows"]) == ("ALERT", 300)
    assert {"accuracy", "auc", "precision", "f1"} <= set(quality["columns"])
    assert "recall" not in quality["columns"]


def test_capture_and_files_are_not_both(common: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either captures"):
        DriftCheckOperator(task_id="c", baseline_uri="s3://b/b", data_uri="s3://b/d", **common)
