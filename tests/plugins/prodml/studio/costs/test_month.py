"""The month's cost by pipeline, of real jobs and endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.jobs.jobs import Jobs
from prodml.naming import Identity, job_name, request_hash
from prodml.studio.costs.month import month_to_date
from prodml.studio.reader import Reader
from prodml.studio.settings import rates
from prodml.vocabulary import PROCESSING

from tests.plugins.runs import CLUSTER, ROLE, SKLEARN, processing_request

TABLE = '{"as_of": "2026-11-01", "usd_per_hour": {"ml.m5.large": 3.6}, "usd_per_gb_month": 0}'


@pytest.fixture(autouse=True)
def prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unique: str) -> Iterator[None]:
    table = tmp_path / "prices.json"
    table.write_text(TABLE)
    monkeypatch.setenv("PRODML_PRICES", str(table))
    monkeypatch.setenv("PRODML_DEPLOYMENT", unique)
    monkeypatch.setenv("PRODML_BUCKET", "prodml-tests")
    rates.cache_clear()
    yield
    rates.cache_clear()


def test_a_pipeline_costs_what_its_jobs_were_billed(
    sagemaker: Any, bucket: str, unique: str
) -> None:
    owner = Identity(unique, "check_churn_drift", "manual__1", "check")
    name, output = job_name(owner, request_hash(unique)), f"s3://{bucket}/churn/drift"
    files = {"S3Uri": output, "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    sagemaker.create_processing_job(
        ProcessingJobName=name,
        RoleArn=ROLE,
        Tags=owner.tags(1, "digest"),
        **processing_request()
        | {
            "AppSpecification": {"ImageUri": SKLEARN, "ContainerEntrypoint": ["true"]},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
            "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", "S3Output": files}]},
        },
    )
    Jobs(Aws(), PROCESSING).wait(name, 0.1)
    reader = Reader(Aws())
    month = month_to_date(reader, datetime.now(UTC) + timedelta(seconds=1))
    described = sagemaker.describe_processing_job(ProcessingJobName=name)
    ran = described["ProcessingEndTime"] - described["ProcessingStartTime"]
    usd = max(1, round(ran.total_seconds())) * 0.001
    assert month["pipelines"] == {
        "churn": pytest.approx({"usd": usd, "jobs_usd": usd, "endpoints_usd": 0})
    }
    assert (month["since"], month["unpriced"]) == (month["start"], [])
    assert reader.calls.total() <= 10
