"""Faults of jobs: no capacity, a failure, a lost instance."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from include.local_aws.testing import Faults, Server
from tests.include.local_aws.jobs import Jobs, made

Unique = Callable[[str], str]
SLEEP = "import time; print('asleep', flush=True); time.sleep(600)"
GROUP = "/aws/sagemaker/ProcessingJobs"


@pytest.fixture(scope="module", name="work")
def _work(faulty: Server) -> Jobs:
    return made(faulty)


def until_asleep(work: Jobs, name: str) -> None:
    deadline = time.monotonic() + 180
    while "asleep" not in work.lines(GROUP, name):
        assert time.monotonic() < deadline, f"{name} does not run"
        time.sleep(0.1)


def test_no_capacity_fails_only_the_job_it_names(asked: Faults, work: Jobs, unique: Unique) -> None:
    short, other = unique("short"), unique("other")
    asked.resource("processing-job", "capacity", f"{short}.*")
    for name in (short, other):
        work.process(name, "print('done')")
    assert work.ended("Processing", short)["ProcessingJobStatus"] == "Failed"
    reason = work.failure("Processing", short)
    assert reason.startswith("CapacityError: Unable to provision requested ML compute capacity")
    assert work.ended("Processing", other)["ProcessingJobStatus"] == "Completed"
    assert asked.hits() == 1


@pytest.mark.parametrize("event", ["fail", "interrupt"])
def test_fault_reaches_a_job_that_runs(
    asked: Faults, work: Jobs, unique: Unique, event: str
) -> None:
    name = unique(event)
    work.process(name, SLEEP)
    until_asleep(work, name)
    asked.resource("processing-job", event, name, reason="ClientError: power was lost")
    assert work.failure("Processing", name) == "ClientError: power was lost"
