"""Training jobs that are refused at creation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.jobs import CLUSTER, ROLE, SKLEARN
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"AlgorithmSpecification": {"TrainingInputMode": "File"}}, "needs a TrainingImage"),
        ({"EnableManagedSpotTraining": True}, "MaxWaitTimeInSeconds is required"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 9, "MaxWaitTimeInSeconds": 9}}, "Spot"),
        ({"CheckpointConfig": {"S3Uri": "s3://b/c", "LocalPath": "/etc"}}, "not below /opt/ml"),
    ],
)
def test_a_definition_that_cannot_run_is_refused(
    sagemaker: Any, unique: Unique, members: dict[str, Any], why: str
) -> None:
    request = {
        "TrainingJobName": unique("refused"),
        "AlgorithmSpecification": {"TrainingImage": SKLEARN, "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
        "ResourceConfig": CLUSTER,
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    code, message = refusal(sagemaker.create_training_job, **request | members)
    assert code == "ValidationException"
    assert why in message
    code, _ = refusal(sagemaker.describe_training_job, TrainingJobName=request["TrainingJobName"])
    assert code == "ValidationException"


def test_a_job_that_does_not_run_is_not_stopped(sagemaker: Any, unique: Unique) -> None:
    code, message = refusal(sagemaker.stop_training_job, TrainingJobName=unique("unknown"))
    assert code == "ValidationException"
    assert "not found" in message
