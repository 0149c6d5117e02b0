"""A trained model for the transform jobs of this folder."""

from __future__ import annotations

import pytest

from tests.include.local_aws.jobs import ROLE, XGBOOST, Jobs
from tests.include.local_aws.sagemaker.training.test_job import boosted


@pytest.fixture(scope="session")
def model(jobs: Jobs) -> str:
    """Train a model of the built-in algorithm that separates small x from large."""
    boosted(jobs, "transform-boost")
    job = jobs.ended("Training", "transform-boost")
    assert job["TrainingJobStatus"] == "Completed", job["FailureReason"]
    container = {"Image": XGBOOST, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}
    jobs.sagemaker.create_model(
        ModelName="boost", PrimaryContainer=container, ExecutionRoleArn=ROLE
    )
    return "boost"
