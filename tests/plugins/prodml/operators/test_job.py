"""One job and one bill, whatever AWS, Airflow or a person does in between."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from prodml.aws.client import Aws
from prodml.exceptions import (
    JobOverdueError,
    JobStoppedError,
    NoCapacityError,
    RequestRefusedError,
)
from prodml.jobs import polling
from prodml.jobs.jobs import Jobs
from prodml.operators import job
from prodml.operators.processing import s3_input
from prodml.triggers.job import OVERDUE
from prodml.vocabulary import PROCESSING
from structlog.testing import capture_logs

from include.local_aws.testing import Server
from tests.plugins.prodml.operators.writing import WRITE, job_names
from tests.plugins.runs import Ti, run

CREATE = {"operation": "CreateProcessingJob"}
NO_ROOM = {"resource": "processing-job", "event": "capacity"}


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "FIRST_WAIT", 0.1)


def test_a_fresh_run_does_its_own_work_once(make: Any, ti: Ti, sagemaker: Any) -> None:
    first = run(make(), ti)
    other = replace(ti, run_id=f"{ti.run_id}-2", pushed={})
    fresh = run(make(fresh="True"), other)
    assert fresh["job_name"] != first["job_name"]
    assert run(make(fresh="True"), other) == fresh
    assert job_names(sagemaker, other) == [fresh["job_name"]]


def test_another_deployment_shares_nothing(make: Any, ti: Ti) -> None:
    first = run(make(deployment="blue"), ti)
    assert run(make(deployment="green"), ti)["job_name"] != first["job_name"]


@pytest.mark.parametrize("error", ["InternalFailure", "ConnectionClosed"])
def test_a_lost_answer_is_one_job(
    error: str, make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    with server.faults(CREATE | {"error": error, "when": "after", "count": 1}):
        result = run(make(), ti)
    assert job_names(sagemaker, ti) == [result["job_name"]]


@pytest.mark.parametrize("deferrable", [False, True])
def test_throttles_end_no_wait(
    deferrable: bool, make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    operations = ("CreateProcessingJob", "DescribeProcessingJob", "ListProcessingJobs")
    busy = {"error": "ThrottlingException", "probability": 0.3}
    with server.faults(*({"operation": name} | busy for name in operations)):
        result = run(make(deferrable=deferrable), ti)
    assert job_names(sagemaker, ti) == [result["job_name"]]


def test_another_instance_type_where_there_is_no_room(
    make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    with server.faults(NO_ROOM | {"count": 1}):
        result = run(make(instance_types=["ml.m5.xlarge"]), ti)
    first, second = job_names(sagemaker, ti)
    assert result["job_name"] == second == f"{first}-2"
    description = sagemaker.describe_processing_job(ProcessingJobName=second)
    assert description["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.xlarge"


def test_another_instance_type_where_there_is_no_quota(
    make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    with server.faults(CREATE | {"error": "ResourceLimitExceeded", "count": 1}):
        result = run(make(instance_types=["ml.m5.xlarge"]), ti)
    description = sagemaker.describe_processing_job(ProcessingJobName=result["job_name"])
    assert description["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.xlarge"


@pytest.mark.parametrize("deferrable", [False, True])
def test_it_waits_for_room_and_gives_up_in_the_end(
    deferrable: bool, no_waiting: None, make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    operator = make(capacity_waits=1, deferrable=deferrable)
    with server.faults(NO_ROOM | {"count": 2}), pytest.raises(NoCapacityError, match="Capacity"):
        run(operator, ti)
    assert len(job_names(sagemaker, ti)) == 2
    assert run(make(), ti)["job_name"] == f"{job_names(sagemaker, ti)[0]}-3"


def test_bad_data_fails_at_once(make: Any, ti: Ti, bucket: str) -> None:
    nothing = s3_input("raw", f"s3://{bucket}/nothing-here/", "/opt/ml/processing/input/raw")
    operator = make(config={"ProcessingInputs": [nothing]})
    with pytest.raises(RequestRefusedError, match=r"(?s)No S3 objects.*Job page: http"):
        run(operator, ti)


def test_a_job_stopped_with_an_earlier_try_is_followed_by_the_next(
    make: Any, ti: Ti, sagemaker: Any
) -> None:
    """The old try's kill arrives after the new one has adopted its job."""
    with pytest.raises(TaskDeferred):
        make("import time; time.sleep(60)", deferrable=True).execute({"ti": ti})
    [name] = job_names(sagemaker, ti)
    assert Jobs(Aws(), PROCESSING).stop(name, "kill")
    successor = make("import time; time.sleep(60)", deferrable=True)
    with pytest.raises(TaskDeferred):
        successor.execute({"ti": replace(ti, try_number=2)})
    assert successor.job_name == f"{name}-2"
    sagemaker.stop_processing_job(ProcessingJobName=successor.job_name)
    Jobs(Aws(), PROCESSING).wait(successor.job_name, 0.1)
    with pytest.raises(JobStoppedError, match="before it completed"):
        successor.execute_complete({"ti": ti}, {"name": successor.job_name, "status": "Stopped"})


@pytest.mark.parametrize("deferrable", [False, True])
def test_the_jobs_lines_reach_the_tasks_log(deferrable: bool, make: Any, ti: Ti) -> None:
    operator = make(f"{WRITE}\nimport time; time.sleep(30)", deferrable=deferrable)
    with capture_logs() as said:
        arguments = ("at work", said, operator)
        threading.Thread(target=_kill_when_it_is_said, args=arguments, daemon=True).start()
        with pytest.raises(JobStoppedError):
            run(operator, ti)


@pytest.mark.parametrize("deferrable", [False, True])
def test_the_end_of_a_short_jobs_log_is_in_the_tasks(deferrable: bool, make: Any, ti: Ti) -> None:
    with capture_logs() as said:
        run(make(f"import time; time.sleep(1)\n{WRITE}", deferrable=deferrable), ti)
    assert sum("at work" in str(entry) for entry in said) == 1


def _kill_when_it_is_said(text: str, said: list[Any], operator: Any) -> None:
    while not any(text in str(entry) for entry in said):
        time.sleep(0.1)
    operator.on_kill()


LONG = "import time; time.sleep(60)"


def test_a_kill_while_aws_is_asked_leaves_no_job_running(
    make: Any, ti: Ti, sagemaker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow's handler calls on_kill, and the operator's code then continues."""
    operator = make(LONG, deferrable=True)
    create = Jobs.call

    def killed(self: Jobs, verb: str, **request: Any) -> Any:
        if verb == "create" and not operator._killed:
            operator.on_kill()
        return create(self, verb, **request)

    monkeypatch.setattr(Jobs, "call", killed)
    with pytest.raises(JobStoppedError, match="was killed"):
        operator.execute({"ti": ti})
    (name,) = job_names(sagemaker, ti)
    jobs = Jobs(Aws(), PROCESSING)
    assert jobs.status(jobs.wait(name, 0.1)) == "Stopped"


def test_a_stop_that_is_cut_off_is_still_known_as_ours(
    make: Any, ti: Ti, sagemaker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = make(LONG, deferrable=True)
    with pytest.raises(TaskDeferred):
        operator.execute({"ti": ti})
    (name,) = job_names(sagemaker, ti)
    jobs, call = Jobs(Aws(), PROCESSING), Jobs.call

    def cut_off(self: Jobs, verb: str, **request: Any) -> Any:
        response = call(self, verb, **request)
        if verb == "stop":
            raise KeyboardInterrupt
        return response

    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "call", cut_off)
        with pytest.raises(KeyboardInterrupt):
            jobs.stop(name, "kill")
    assert jobs.stopped_by(jobs.wait(name, 0.1)) == "kill"


@pytest.mark.parametrize("deferrable", [False, True])
def test_job_past_its_deadline_is_stopped_and_fails_its_task(
    deferrable: bool, make: Any, ti: Ti, sagemaker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_minute = {"StoppingCondition": {"MaxRuntimeInSeconds": 60}}
    operator = make(LONG, deferrable=deferrable, config=a_minute)
    with monkeypatch.context() as patch:
        patch.setattr(polling, "QUEUE", -2 * polling.MARGIN)
        with pytest.raises(JobOverdueError, match=r"was\s+stopped"):
            run(operator, ti)
    (name,) = job_names(sagemaker, ti)
    jobs = Jobs(Aws(), PROCESSING)
    assert jobs.stopped_by(jobs.wait(name, 0.1)) == "deadline"


def test_what_completed_in_time_is_not_called_overdue(make: Any, ti: Ti) -> None:
    """The triggerer was down when it did, and longer than the task may take."""
    operator = make()
    first = run(operator, ti)
    event = {"name": first["job_name"], "status": OVERDUE}
    assert operator.execute_complete({"ti": ti}, event) == first


def test_the_limits_of_a_job_that_cannot_be_seen_are_known(
    make: Any, ti: Ti, server: Server
) -> None:
    throttled = {"operation": "DescribeProcessingJob", "error": "ThrottlingException", "count": 60}
    a_minute = {"StoppingCondition": {"MaxRuntimeInSeconds": 60}}
    with server.faults(throttled), pytest.raises(TaskDeferred) as deferred:
        make(LONG, deferrable=True, config=a_minute).execute({"ti": ti})
    trigger: Any = deferred.value.trigger
    left = datetime.fromisoformat(trigger.until) - datetime.now(UTC)
    assert left < timedelta(hours=26)
    Jobs(Aws(), PROCESSING).stop(trigger.name, "end")


def test_execution_timeout_is_not_begun_anew_by_deferring(make: Any, ti: Ti) -> None:
    operator = make(LONG, deferrable=True, execution_timeout=timedelta(hours=1))
    with pytest.raises(TaskDeferred) as deferred:
        operator.execute({"ti": ti})
    trigger: Any = deferred.value.trigger
    state = dict(deferred.value.kwargs or {})
    assert trigger.until == state["until"]
    jobs = Jobs(Aws(), PROCESSING)
    jobs.stop(trigger.name, "kill")
    jobs.wait(trigger.name, 0.1)
    event = {"name": trigger.name, "status": "Stopped"}
    with pytest.raises(TaskDeferred) as again:
        operator.execute_complete({"ti": ti}, event, **state)
    assert (again.value.kwargs or {})["until"] == state["until"]
    jobs.stop(str(operator.job_name), "end")
