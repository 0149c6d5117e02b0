from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.jobs import XGBOOST, Jobs, made
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.fixture(name="work", scope="module")
def _work(local_aws: Server) -> Jobs:
    return made(local_aws)


def test_only_a_job_that_has_ended_is_deleted(work: Jobs, unique: Unique) -> None:
    """Its name is free afterwards."""
    name = unique("short")
    named = {"TrainingJobName": name}
    work.train(name, XGBOOST)
    code, message = refusal(work.sagemaker.delete_training_job, **named)
    assert code == "ResourceInUse"
    assert "terminal state" in message
    work.ended("Training", name)
    work.sagemaker.delete_training_job(**named)
    assert refusal(work.sagemaker.describe_training_job, **named)[0] == "ValidationException"
    work.train(name, XGBOOST)
    work.ended("Training", name)


def test_warm_pool_is_stored(work: Jobs, unique: Unique) -> None:
    name = unique("warm")
    work.train(name, XGBOOST)
    work.sagemaker.update_training_job(
        TrainingJobName=name, ResourceConfig={"KeepAlivePeriodInSeconds": 60}
    )
    job = work.ended("Training", name)
    assert job["ResourceConfig"]["KeepAlivePeriodInSeconds"] == 60
    assert job["ResourceConfig"]["InstanceCount"] == 1
