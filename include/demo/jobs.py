"""Jobs in progress in the embedded AWS, read through its public API."""

from __future__ import annotations

import time
from typing import Any

import boto3

from include.demo.environment import AWS_URL

LISTS = {
    "training": ("list_training_jobs", "TrainingJobSummaries", "TrainingJobName"),
    "processing": ("list_processing_jobs", "ProcessingJobSummaries", "ProcessingJobName"),
    "transform": ("list_transform_jobs", "TransformJobSummaries", "TransformJobName"),
}


def client(service: str) -> Any:
    """A boto3 client of the embedded AWS, whatever credentials the user's shell holds."""
    return boto3.client(
        service,
        endpoint_url=AWS_URL,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def running_jobs(sagemaker: Any) -> list[str]:
    """One line per job in progress: kind, name, elapsed."""
    lines = []
    for kind, (operation, members, name) in LISTS.items():
        answer = getattr(sagemaker, operation)(StatusEquals="InProgress")
        for job in answer[members]:
            elapsed = time.time() - job["CreationTime"].timestamp()
            lines.append(f"{kind} job {job[name]}  {elapsed:.0f} s")
    return lines
