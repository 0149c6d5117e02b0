"""Trial components as SageMaker's search returns them, and a search over a list of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.naming import Identity, job_name

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
OWNER = Identity("acme", "retrain_churn", "manual__2026-11-29T00:00:00+00:00", "train", 2)
ARN = "arn:aws:sagemaker:us-east-1:000000000000:training-job"


def training_job(number: int, modified: datetime, **members: Any) -> dict[str, Any]:
    """Return a completed training job of `OWNER`, which ran for 100 s until *modified*."""
    name = job_name(OWNER, f"{number:08x}")
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"{ARN}/{name}",
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "CreationTime": modified - timedelta(seconds=120),
        "TrainingStartTime": modified - timedelta(seconds=100),
        "TrainingEndTime": modified,
        "LastModifiedTime": modified,
        "BillableTimeInSeconds": 100,
        "OutputDataConfig": {"S3OutputPath": "s3://acme-models/churn/runs/1/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 10},
        "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
        "Tags": OWNER.tags(1, "digest"),
        **members,
    }


class Account:
    """A SageMaker client that searches *jobs* a page at a time, and counts the calls."""

    def __init__(self, jobs: list[dict[str, Any]], page: int = 100) -> None:
        self.jobs, self.page = jobs, page
        self.calls: Counter[str] = Counter()
        self.failing = False
        self.automl: list[dict[str, Any]] = []

    def client(self, service: str) -> Account:
        return self

    def search(self, **request: Any) -> dict[str, Any]:
        self.calls["search"] += 1
        if self.failing:
            raise TimeoutError
        if request["Resource"] != "ExperimentTrialComponent":
            return {"Results": []}
        _, start, end = (each["Value"] for each in request["SearchExpression"]["Filters"])
        within = [j for j in self.jobs if start <= f"{j['LastModifiedTime']:%FT%T}" < end]
        within.sort(key=lambda job: job["LastModifiedTime"], reverse=True)
        results = [
            {
                "TrialComponent": {
                    "LastModifiedTime": job["LastModifiedTime"],
                    "SourceDetail": {"TrainingJob": job},
                }
            }
            for job in within[: self.page]
        ]
        more = {"NextToken": "more"} if len(within) > self.page else {}
        return {"Results": results, **more}

    def list_auto_ml_jobs(self, **request: Any) -> dict[str, Any]:
        return {"AutoMLJobSummaries": self.automl}

    def list_tags(self, **request: Any) -> dict[str, Any]:
        self.calls["list_tags"] += 1
        return {"Tags": OWNER.tags(1, "digest")}
