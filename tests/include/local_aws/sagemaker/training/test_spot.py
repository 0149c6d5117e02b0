"""A spot job waits for its instances until its deadline, and logs why."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.jobs.runner import Job, JobStopped
from include.local_aws.sagemaker.training.spot import CAPACITY_RETRY, wait_for_capacity

NO_ROOM = {"resource": "training-job", "event": "capacity", "reason": "CapacityError: none"}


@pytest.fixture
def job(aws: Aws) -> Job:
    return Job(aws, "training-job", "spot")


def waited(job: Job, seconds: float) -> list[str]:
    """Wait for at most so many seconds of the job's clock; return the lines of the log."""
    lines: list[str] = []
    asyncio.run(wait_for_capacity(job, job.aws.clock.now() + seconds, lines.append))
    return lines


def test_job_with_capacity_does_not_wait(job: Job) -> None:
    before = job.aws.clock.now()
    assert waited(job, 60) == []
    assert job.aws.clock.now() == before


def test_each_attempt_without_capacity_is_logged(job: Job) -> None:
    before = job.aws.clock.now()
    job.aws.faults.add(NO_ROOM | {"count": 2})
    assert waited(job, 600) == ["CapacityError: none"] * 2
    assert job.aws.clock.now() - before == 2 * CAPACITY_RETRY


def test_deadline_ends_the_wait(job: Job) -> None:
    job.aws.faults.add(NO_ROOM | {"count": 100})
    with pytest.raises(JobStopped, match="MaxWaitTimeExceeded"):
        waited(job, 3 * CAPACITY_RETRY)


def test_stopped_job_waits_no_longer(job: Job) -> None:
    job.aws.faults.add(NO_ROOM | {"count": 100})
    job.stopping = "Stopped"
    with pytest.raises(JobStopped, match=r"^Stopped$"):
        waited(job, 600)
