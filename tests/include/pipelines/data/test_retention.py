"""The prefixes that expire are not those that a version needs."""

from __future__ import annotations

from typing import Any

from include.pipelines.churn import PIPELINE
from include.pipelines.data import retention
from include.pipelines.definition import catalog
from include.pipelines.training.requests import preprocess, training
from include.settings import read

WINDOW: Any = {
    "manifest": "s3://prodml-local/churn/runs/retrain_churn/r/manifest.json",
    "listing": "s3://prodml-local/churn/runs/retrain_churn/r/listing-1.json",
    "raw": "s3://prodml-local/churn/raw/",
    "holdout": "2024-03-04T00:00:00+00:00",
    "prefix": "s3://prodml-local/churn/runs/retrain_churn/r",
    "artifacts": "s3://prodml-local/churn/artifacts/retrain_churn/r",
}


def expires(uri: str) -> bool:
    key = uri.removeprefix("s3://prodml-local/")
    return any(key.startswith(prefix) for prefix in retention.days(read({})))


def test_captures_and_runs_expire_and_artifacts_do_not() -> None:
    days = {"capture": 90, "raw": 365, "runs": 365}
    assert retention.days(read({})) == {
        f"{name}/{folder}/": limit for name in catalog.names() for folder, limit in days.items()
    }
    assert retention.kept() == [f"{name}/artifacts/" for name in catalog.names()]
    changed = read({"PRODML_CAPTURE_RETENTION_DAYS": "7", "PRODML_RUN_RETENTION_DAYS": "0"})
    assert [*retention.days(changed).values()][:3] == [7, 0, 0]


def test_rows_expire_and_what_a_version_needs_does_not() -> None:
    request = preprocess(PIPELINE, WINDOW)["config"]
    outputs = request["ProcessingOutputConfig"]["Outputs"]
    lasting = {o["OutputName"] for o in outputs if not expires(o["S3Output"]["S3Uri"])}
    assert lasting == {"holdout_labels", "baseline", "preprocessing"}
    data: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}
    model = training(PIPELINE, PIPELINE.candidates[0], WINDOW["artifacts"], data)
    assert not expires(model["OutputDataConfig"]["S3OutputPath"])
    assert expires(PIPELINE.uri("capture", "churn", "AllTraffic"))
