"""A job that has ended, of a deployment of its own, with prices."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.jobs.jobs import Jobs
from prodml.naming import Identity, job_name, request_hash
from prodml.studio import settings
from prodml.vocabulary import PROCESSING

from tests.plugins.runs import CLUSTER, ROLE, SKLEARN, processing_request

TABLE = '{"as_of": "2026-11-01", "usd_per_hour": {"ml.m5.large": 3.6}}'
USD_A_SECOND = 0.001


@dataclass(frozen=True)
class BilledJob:
    """A processing job of the pipeline churn, and what it was billed for."""

    name: str
    owner: Identity
    seconds: int
    ended: datetime


@pytest.fixture(scope="session")
def ended_job(sagemaker: Any, bucket: str) -> BilledJob:
    """A processing job that has ended."""
    owner = Identity(f"d{uuid.uuid4().hex[:8]}", "check_churn_drift", "manual__1", "check")
    name = job_name(owner, request_hash(owner.deployment))
    files = {"LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    files["S3Uri"] = f"s3://{bucket}/churn/drift"
    request = processing_request() | {
        "AppSpecification": {"ImageUri": SKLEARN, "ContainerEntrypoint": ["true"]},
        "ProcessingResources": {"ClusterConfig": CLUSTER},
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": "out", "S3Output": files}]},
    }
    sagemaker.create_processing_job(
        ProcessingJobName=name, RoleArn=ROLE, Tags=owner.tags(1, "digest"), **request
    )
    ended = Jobs(Aws(), PROCESSING).wait(name, 0.1)
    ran = ended["ProcessingEndTime"] - ended["ProcessingStartTime"]
    seconds = max(1, round(ran.total_seconds()))
    return BilledJob(name, owner, seconds, ended["ProcessingEndTime"])


@pytest.fixture
def billed(
    ended_job: BilledJob, bucket: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BilledJob]:
    """The job, with the settings of its deployment."""
    table = tmp_path / "prices.json"
    table.write_text(TABLE)
    monkeypatch.setenv("PRODML_PRICES", str(table))
    monkeypatch.setenv("PRODML_DEPLOYMENT", ended_job.owner.deployment)
    monkeypatch.setenv("PRODML_BUCKET", bucket)
    settings._table.cache_clear()
    yield ended_job
    settings._table.cache_clear()
