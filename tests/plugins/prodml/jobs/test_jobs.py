"""Describing a job never ends it, and costs little."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from prodml.aws.client import Aws
from prodml.aws.failure_causes import Cause
from prodml.exceptions import JobFailedError, JobStoppedError, NoCapacityError
from prodml.jobs.jobs import Jobs
from prodml.vocabulary import TRAINING, Json

from include.local_aws.core.processes import free_port
from include.local_aws.testing import connection_to
from tests.plugins.clients import connected


def _jobs() -> Jobs:
    return Jobs(Aws(), TRAINING)


def test_an_outage_is_not_the_end_of_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_GONE", connection_to(f"http://127.0.0.1:{free_port()}"))
    gone = Aws("gone", botocore_config={"retries": {"total_max_attempts": 1}})
    jobs = Jobs(gone, TRAINING)
    for _ in range(2):
        assert not jobs.settled(jobs.poll("job"))


def test_credentials_that_cannot_be_had_are_no_end_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """A role is assumed when a client is made, and each poll after an outage creates one."""

    def unreachable(self: Aws, service: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://sts.amazonaws.com")

    monkeypatch.setattr(Aws, "client", unreachable)
    assert not _jobs().settled(_jobs().poll("job"))


def test_a_wait_for_spot_that_was_too_long_is_a_lack_of_room() -> None:
    description = {"TrainingJobStatus": "Stopped", "SecondaryStatus": "MaxWaitTimeExceeded"}
    assert _jobs().cause(description) is Cause.CAPACITY
    description["TrainingJobArn"] = "arn"
    with pytest.raises(NoCapacityError, match="MaxWaitTimeExceeded"):
        _jobs().completed("job", description)


def test_the_limit_that_stopped_a_job_is_named() -> None:
    description = {"TrainingJobStatus": "Stopped", "SecondaryStatus": "MaxRuntimeExceeded"}
    with pytest.raises(JobStoppedError, match="MaxRuntimeExceeded"):
        _jobs().completed("job", description)


def test_a_failure_without_a_log_still_has_its_reason() -> None:
    description = {"TrainingJobStatus": "Failed", "FailureReason": "CapacityError: no machines"}
    with pytest.raises(JobFailedError, match="CapacityError: no machines") as failed:
        _jobs().completed("never-ran", description)
    assert str(failed.value).endswith("then clear the task.")


class Untaggable:
    """SageMaker with one running job, whose tags the role may not change."""

    def __init__(self) -> None:
        self.stopped: list[str] = []

    def describe_training_job(self, **_: str) -> Json:
        return {"TrainingJobStatus": "InProgress", "TrainingJobArn": "arn:job"}

    def add_tags(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "AddTags")

    def stop_training_job(self, TrainingJobName: str) -> None:  # noqa: N803
        self.stopped.append(TrainingJobName)


def test_job_that_cannot_be_tagged_is_stopped_all_the_same() -> None:
    sagemaker = Untaggable()
    assert Jobs(connected(sagemaker=sagemaker), TRAINING).stop("job", "kill")
    assert sagemaker.stopped == ["job"]


def test_job_that_does_not_exist_ends_a_poll() -> None:
    with pytest.raises(ClientError, match="Requested resource not found"):
        _jobs().poll("never-made")
