"""Create the job of a task, adopt it, or use what an earlier run has made."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import NoCapacityError, RequestRefusedError
from prodml.jobs.attempt import (
    NoRoom,
    Request,
    Running,
    State,
    Submitting,
    Superseded,
    Unsubmitted,
)
from prodml.jobs.jobs import Jobs
from prodml.jobs.submission import completed_before, submit
from prodml.naming import ATTEMPTS, Identity, job_name, request_hash
from prodml.vocabulary import PROCESSING

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE, SKLEARN, processing_request

CREATE = "CreateProcessingJob"
NO_QUOTA = {"operation": CREATE, "error": "ResourceLimitExceeded", "status": 400}


@pytest.fixture(scope="module")
def jobs() -> Jobs:
    return Jobs(Aws(), PROCESSING)


@pytest.fixture
def request_of(unique: str) -> Any:
    """Build the request of this test's task for a container that runs a command."""
    identity = Identity("airflow", "pipeline", unique, "task")
    digest = request_hash(unique)

    def build(*command: str, **members: Any) -> Request:
        application = {"ImageUri": SKLEARN, "ContainerEntrypoint": list(command)}
        tags = identity.tags(1, digest)
        common = {"RoleArn": ROLE, "AppSpecification": application, "Tags": tags}
        return Request(PROCESSING, identity, digest, processing_request() | common | members)

    return build


def _first(jobs: Jobs, request: Request, is_usable: bool = True) -> State:
    return submit(jobs, request, Submitting(), lambda _: is_usable)


def test_a_running_job_is_adopted_and_a_stopped_one_followed_by_the_next(
    request_of: Any, jobs: Jobs
) -> None:
    request = request_of("sleep", "600")
    name = job_name(request.identity, request.digest)
    assert _first(jobs, request) == Running(name)
    assert _first(jobs, request) == Running(name)
    jobs.stop(name, "a test")
    superseded: Any = _first(jobs, request, is_usable=False)
    assert superseded == Superseded(f"processing job {name} is Stopped", Submitting(number=2))
    second: Any = submit(jobs, request, superseded.then, lambda _: True)
    assert second == Running(f"{name}-2")
    jobs.stop(second.name, "a test")


def test_a_completed_job_of_the_same_request_is_used_by_another_run(
    request_of: Any, jobs: Jobs
) -> None:
    request = request_of("true")
    assert completed_before(jobs, request, lambda _: True) is None
    running = _first(jobs, request)
    assert isinstance(running, Running)
    assert jobs.status(jobs.wait(running.name, 0.1)) == "Completed"
    later = replace(request, identity=replace(request.identity, run="a later run"))
    completed = completed_before(jobs, later, lambda _: True)
    assert completed
    assert completed.name == running.name
    assert completed_before(jobs, later, lambda _: False) is None
    other = replace(later, identity=replace(later.identity, deployment="another Airflow"))
    assert completed_before(jobs, other, lambda _: True) is None
    assert _first(jobs, request) == running
    again = _first(jobs, request, is_usable=False)
    assert isinstance(again, Superseded)  # what the job made is not there any more


def test_the_last_number_is_followed_by_no_other(request_of: Any, jobs: Jobs) -> None:
    request = request_of("true")
    last = Submitting(number=ATTEMPTS)
    running = submit(jobs, request, last, lambda _: True)
    assert isinstance(running, Running)
    jobs.wait(running.name, 0.1)
    state = submit(jobs, request, last, lambda _: False)
    assert isinstance(state, Unsubmitted)
    advice = rf"All 99 attempts at processing job '{running.name}' failed.* shows; a changed"
    assert re.match(advice, str(state.error))


def test_the_next_instance_type_is_asked_for_where_there_is_no_quota(
    request_of: Any, jobs: Jobs, server: Server
) -> None:
    wider = replace(request_of("true"), further_types=["ml.c5.xlarge"])
    with server.faults(NO_QUOTA | {"count": 1}):
        running = _first(jobs, wider)
    assert isinstance(running, Running)
    cluster = PROCESSING.resources(jobs.describe(running.name))
    assert cluster["InstanceType"] == "ml.c5.xlarge"


def test_no_instance_type_at_all_is_named_with_what_to_do(
    request_of: Any, jobs: Jobs, server: Server
) -> None:
    wider = replace(request_of("true"), further_types=["ml.c5.xlarge"])
    tried = r"no capacity of \['ml.m5.large', 'ml.c5.xlarge'\] for processing job .* Set other"
    with server.faults(NO_QUOTA):
        state = _first(jobs, wider)
    assert isinstance(state, NoRoom)
    assert isinstance(state.otherwise, Unsubmitted)
    assert isinstance(state.otherwise.error, NoCapacityError)
    assert re.search(tried, state.reason)


@pytest.mark.parametrize("role", ["not the ARN of a role", "short"])
def test_a_wrong_request_is_refused_by_the_name_of_its_job(
    role: str, request_of: Any, jobs: Jobs
) -> None:
    """By AWS, or already by botocore."""
    request = request_of("true", RoleArn=role)
    refusal = f"AWS refused to create processing job '{request.name(1)}'.* Correct the request"
    with pytest.raises(RequestRefusedError, match=re.compile(refusal, re.DOTALL)):
        _first(jobs, request)
