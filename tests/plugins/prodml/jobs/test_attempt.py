"""The states of an attempt, without AWS: what follows from each observation."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from prodml.aws.failure_causes import Cause
from prodml.jobs.attempt import (
    Failed,
    Finished,
    Job,
    NoRoom,
    Patience,
    Request,
    Requested,
    Running,
    State,
    Submitting,
    Superseded,
    Unsubmitted,
    WaitingForRoom,
)
from prodml.naming import ATTEMPTS, Identity, job_name
from prodml.vocabulary import PROCESSING, JobStatus, Json

SMALL, LARGE = "ml.m5.large", "ml.m5.xlarge"
IDENTITY = Identity("airflow", "pipeline", "run", "task")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PAUSE = 60.0


def _on(instance_type: str) -> Json:
    return {"ProcessingResources": {"ClusterConfig": {"InstanceType": instance_type}}}


REQUEST = Request(PROCESSING, IDENTITY, "0" * 64, _on(SMALL), [LARGE])


def _job(status: str, cause: Cause | None = None, used: str = SMALL) -> Job:
    return Job(PROCESSING, "job", _on(used) | {"FailureReason": "a reason"}, status, cause)


NO_CAPACITY = _job(JobStatus.FAILED, Cause.CAPACITY)


def test_the_module_reaches_no_airflow_and_no_aws() -> None:
    code = (
        "import sys, prodml.jobs.attempt; "
        "sys.exit(str({m.partition('.')[0] for m in sys.modules} & {'airflow', 'botocore'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == "set()"


def test_a_request_names_its_jobs_by_number_and_keeps_its_other_members() -> None:
    assert REQUEST.name(1) == job_name(IDENTITY, REQUEST.digest)
    assert REQUEST.name(2) == f"{REQUEST.name(1)}-2"
    assert REQUEST.instance_types == [SMALL, LARGE]
    assert REQUEST.on(LARGE) == _on(LARGE)
    assert REQUEST.members == _on(SMALL)


def test_a_request_without_an_instance_type_has_nothing_to_choose() -> None:
    bare = Request(PROCESSING, IDENTITY, "0" * 64, {"RoleArn": "role"}, [LARGE])
    assert bare.instance_types == [None]
    assert bare.on(None) == {"RoleArn": "role"}


@pytest.mark.parametrize(
    ("cause", "used", "choice"),
    [
        (Cause.CAPACITY, SMALL, 1),
        (Cause.QUOTA, SMALL, 1),
        (Cause.CAPACITY, LARGE, 0),
        (Cause.CODE, SMALL, 0),
        (Cause.INTERNAL, SMALL, 0),
        (Cause.CAPACITY, "ml.p3.2xlarge", 0),
    ],
)
def test_only_a_lack_of_capacity_leads_to_the_next_type(
    cause: Cause, used: str, choice: int
) -> None:
    assert REQUEST.type_after(_job(JobStatus.FAILED, cause, used)) == choice


def test_a_completed_job_is_reused_only_before_the_first_submission() -> None:
    job = _job(JobStatus.COMPLETED)
    assert Requested().may_reuse
    assert not Requested(waits=1).may_reuse
    assert Requested().reused(job) == Finished(job)
    assert Requested(waits=2).prepared() == Submitting(waits=2, number=1, choice=0)


@pytest.mark.parametrize(
    ("status", "is_usable", "is_adopted"),
    [
        (JobStatus.IN_PROGRESS, False, True),
        (JobStatus.COMPLETED, True, True),
        (JobStatus.COMPLETED, False, False),
        (JobStatus.FAILED, False, False),
        (JobStatus.STOPPED, False, False),
        (JobStatus.STOPPED, True, True),
    ],
)
def test_a_job_that_has_the_name_is_adopted_or_superseded(
    status: str, is_usable: bool, is_adopted: bool
) -> None:
    state = Submitting(waits=2, number=3, choice=1).taken(REQUEST, _job(status), is_usable)
    next_number = Submitting(waits=2, number=4, choice=0)
    superseded = Superseded(f"processing job job is {status}", next_number)
    assert state == (Running("job", waits=2) if is_adopted else superseded)


def test_the_number_after_a_lack_of_capacity_begins_with_the_next_type() -> None:
    state = Submitting().taken(REQUEST, NO_CAPACITY, counts=False)
    assert isinstance(state, Superseded)
    assert state.then == Submitting(number=2, choice=1)


def test_numbers_and_instance_types_come_to_an_end() -> None:
    error = ValueError("no more")
    assert not Submitting(number=ATTEMPTS - 1).is_last
    assert Submitting(number=ATTEMPTS).is_last
    assert Submitting(number=ATTEMPTS).exhausted(error) == Unsubmitted(error)
    assert Submitting(waits=1).without_room(error) == NoRoom(1, "no more", Unsubmitted(error))


@pytest.mark.parametrize("waits", [0, 1, 3])
def test_a_job_that_was_stopped_with_an_earlier_try_is_requested_again(waits: int) -> None:
    state = Running("job", waits).ended(_job(JobStatus.STOPPED), is_stopped_by_us=True)
    assert isinstance(state, Superseded)
    assert state.then == Requested(max(1, waits))  # never what another run has made


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        (_job(JobStatus.COMPLETED), Finished),
        (_job(JobStatus.STOPPED), Failed),
        (_job(JobStatus.FAILED, Cause.CODE), Failed),
        (_job(JobStatus.FAILED, Cause.REQUEST), Failed),
        (_job(JobStatus.FAILED, Cause.CAPACITY), NoRoom),
        (_job(JobStatus.STOPPED, Cause.CAPACITY), NoRoom),
        (_job(JobStatus.FAILED, Cause.QUOTA), NoRoom),
        (_job(JobStatus.FAILED, Cause.THROTTLE), NoRoom),
        (_job(JobStatus.FAILED, Cause.INTERNAL), NoRoom),
    ],
)
def test_the_end_of_a_job_is_the_end_or_a_lack_of_room(job: Job, expected: type[State]) -> None:
    state = Running("job", waits=1).ended(job, is_stopped_by_us=False)
    assert isinstance(state, expected)
    if isinstance(state, NoRoom):
        assert (state.waits, state.reason, state.otherwise) == (1, "a reason", Failed(job))


def _after(waits: int, former: Job | None = None, until: datetime | None = None) -> State:
    error = Unsubmitted(ValueError())
    state = NoRoom(waits, "full", Failed(former) if former else error, former)
    return state.next(REQUEST, Patience(waits=2, until=until), PAUSE, NOW)


def test_another_instance_type_is_tried_at_once_and_counts_as_no_wait() -> None:
    assert _after(1, NO_CAPACITY) == WaitingForRoom(0.0, "full", Requested(1))


@pytest.mark.parametrize("former", [None, _job(JobStatus.FAILED, Cause.CAPACITY, LARGE)])
def test_a_pause_follows_the_last_instance_type(former: Job | None) -> None:
    assert _after(1, former) == WaitingForRoom(PAUSE, "full", Requested(2))


def test_no_wait_follows_the_last_one() -> None:
    assert _after(2, NO_CAPACITY) == Failed(NO_CAPACITY)
    assert isinstance(_after(2), Unsubmitted)


@pytest.mark.parametrize(("seconds", "is_in_time"), [(PAUSE, True), (PAUSE - 1, False)])
def test_no_wait_is_longer_than_the_task_may_take(seconds: float, is_in_time: bool) -> None:
    state = _after(0, until=NOW + timedelta(seconds=seconds))
    assert isinstance(state, WaitingForRoom if is_in_time else Unsubmitted)
