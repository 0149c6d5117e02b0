"""The secondary statuses of a training job, and the times that they add up to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from include.local_aws.sagemaker.jobs.runner import Job
from include.local_aws.sagemaker.training.progress import Progress


class Recorded:
    """Holds a job's description, and a clock that the test sets."""

    def __init__(self) -> None:
        self.now = 100.0
        self.doc: dict[str, Any] = {}
        self.aws = SimpleNamespace(clock=SimpleNamespace(now=lambda: self.now))

    def update(self, **members: Any) -> None:
        self.doc |= members


@pytest.fixture
def job() -> Recorded:
    return Recorded()


def test_phases_follow_one_another_without_a_gap(job: Recorded) -> None:
    progress = Progress(cast(Job, job))
    for status in ("Starting", "Downloading", "Training", "Uploading"):
        progress.enter(status)
        job.now += 10
    progress.end("Completed", None)
    transitions = job.doc["SecondaryStatusTransitions"]
    assert [t["StartTime"] for t in transitions] == [100.0, 110.0, 120.0, 130.0, 140.0]
    assert [t["EndTime"] for t in transitions] == [110.0, 120.0, 130.0, 140.0, 140.0]
    assert (job.doc["TrainingStartTime"], job.doc["TrainingEndTime"]) == (110.0, 140.0)
    assert job.doc["BillableTimeInSeconds"] == 31
    assert "FailureReason" not in job.doc


def test_waiting_for_another_instance_is_not_billed(job: Recorded) -> None:
    progress = Progress(cast(Job, job))
    for status in ("Downloading", "Training", "Interrupted", "Downloading", "Training"):
        progress.enter(status)
        job.now += 10
    assert progress.trained == 20
    progress.end("Failed", "y" * 2000)
    assert job.doc["BillableTimeInSeconds"] == 41
    assert job.doc["TrainingTimeInSeconds"] == 51
    assert job.doc["FailureReason"] == "y" * 1024
