"""A small table for AutoML jobs, their requests, and their ends."""

from __future__ import annotations

import random
import time
from typing import Any

from include.local_aws.core.store import Doc
from tests.include.local_aws.jobs import ROLE, Jobs

TARGET = "churn"
CSV = "text/csv;header=present"


def table(rows: int = 520) -> str:
    """Return CSV with a header, two columns that decide about the target, and one that does not."""
    source = random.Random(1)
    lines = [f"age,plan,minutes,{TARGET}"]
    for _ in range(rows):
        age, plan, minutes = source.randint(18, 80), source.choice("abc"), source.gauss(100, 20)
        leaves = (age > 50) + (plan == "b") + source.random() > 1.2
        lines.append(f"{age},{plan},{minutes:.1f},{'yes' if leaves else 'no'}")
    return "\n".join(lines) + "\n"


def channel(uri: str = "s3://b/data", kind: str | None = None, **members: Any) -> Doc:
    """Return a channel of CSV with a header."""
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    typed = {"ChannelType": kind} if kind else {}
    return {"ContentType": CSV, "DataSource": {"S3DataSource": source}} | typed | members


def request(jobs: Jobs, name: str, data: str, tabular: Doc | None = None, **members: Any) -> Doc:
    """Return the request CreateAutoMLJobV2 for one XGBoost candidate."""
    algorithms = {"AlgorithmsConfig": [{"AutoMLAlgorithms": ["xgboost"]}]}
    config = {
        "TargetAttributeName": TARGET,
        "CandidateGenerationConfig": algorithms,
        "CompletionCriteria": {"MaxCandidates": 1},
    }
    return {
        "AutoMLJobName": name,
        "RoleArn": ROLE,
        "AutoMLJobInputDataConfig": [channel(data)],
        "OutputDataConfig": {"S3OutputPath": f"s3://{jobs.bucket}/automl"},
        "AutoMLProblemTypeConfig": {"TabularJobConfig": config | (tabular or {})},
    } | members


def described(jobs: Jobs, name: str) -> Doc:
    job: Doc = jobs.sagemaker.describe_auto_ml_job_v2(AutoMLJobName=name)
    return job


def ended(jobs: Jobs, name: str, timeout: float = 60) -> Doc:
    """Describe the job until it has ended."""
    deadline = time.monotonic() + timeout
    while (job := described(jobs, name))["AutoMLJobStatus"] in ("InProgress", "Stopping"):
        assert time.monotonic() < deadline, job
        time.sleep(0.1)
    return job
