"""One job and one bill, whatever AWS, Airflow or a person does in between."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from prodml.exceptions import JobStoppedError, NoCapacityError, RequestRefusedError
from prodml.hooks.aws import Aws
from prodml.hooks.jobs import Jobs
from prodml.operators import job
from prodml.operators.processing import ProcessingJobOperator, s3_input
from prodml.vocabulary import PROCESSING
from structlog.testing import capture_logs

from tests.local_server import Server
from tests.plugins.faults import faults
from tests.plugins.runs import ROLE, Ti, processing_request, run

OUTPUT = "/opt/ml/processing/output"
WRITE = f"print('at work', flush=True); open('{OUTPUT}/done.txt', 'w').write('yes')"
CREATE = {"operation": "CreateProcessingJob"}
NO_ROOM = {"resource": "processing-job", "event": "capacity"}


@pytest.fixture
def make(script: Path, bucket: str, unique: str) -> Any:
    """A task that writes one file; *folder* of the same test is the same request."""

    def build(code: str = WRITE, **arguments: Any) -> ProcessingJobOperator:
        (script / "main.py").write_text(f"# {unique}\n{code}")
        place = {
            "S3Uri": f"s3://{bucket}/{unique}/{arguments.pop('folder', 'out')}",
            "LocalPath": OUTPUT,
            "S3UploadMode": "EndOfJob",
        }
        made = {"Outputs": [{"OutputName": "done", "S3Output": place}]}
        config = processing_request() | {"ProcessingOutputConfig": made}
        return ProcessingJobOperator(
            task_id="task",
            source_dir=str(script),
            code_prefix=f"s3://{bucket}/code",
            role_arn=ROLE,
            poll_interval=0.1,
            config=config | arguments.pop("config", {}),
            **arguments,
        )

    return build


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "FIRST_WAIT", 0.1)


def _names(sagemaker: Any, ti: Ti) -> list[str]:
    found = []
    for summary in sagemaker.list_processing_jobs(MaxResults=100)["ProcessingJobSummaries"]:
        tags = sagemaker.list_tags(ResourceArn=summary["ProcessingJobArn"])["Tags"]
        if {"Key": "prodml:run", "Value": ti.run_id} in tags:
            found.append(summary["ProcessingJobName"])
    return sorted(found)


def test_another_run_uses_what_was_done_before(make: Any, ti: Ti, sagemaker: Any) -> None:
    first = run(make(), ti)
    other = replace(ti, run_id=f"{ti.run_id}-2", pushed={})
    assert run(make(folder="elsewhere"), other) == first
    assert _names(sagemaker, other) == []


def test_what_was_deleted_is_made_again(
    make: Any, ti: Ti, s3: Any, bucket: str, unique: str
) -> None:
    first = run(make(), ti)
    s3.delete_object(Bucket=bucket, Key=f"{unique}/out/done.txt")
    assert run(make(), ti)["job_name"] == f"{first['job_name']}-2"


def test_a_fresh_run_does_its_own_work_once(make: Any, ti: Ti, sagemaker: Any) -> None:
    first = run(make(), ti)
    other = replace(ti, run_id=f"{ti.run_id}-2", pushed={})
    fresh = run(make(fresh="True"), other)
    assert fresh["job_name"] != first["job_name"]
    assert run(make(fresh="True"), other) == fresh
    assert _names(sagemaker, other) == [fresh["job_name"]]


def test_another_deployment_shares_nothing(make: Any, ti: Ti) -> None:
    first = run(make(deployment="blue"), ti)
    assert run(make(deployment="green"), ti)["job_name"] != first["job_name"]


@pytest.mark.parametrize("error", ["InternalFailure", "ConnectionClosed"])
def test_a_lost_answer_is_one_job(
    error: str, make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    with faults(server, CREATE | {"error": error, "when": "after", "count": 1}):
        result = run(make(), ti)
    assert _names(sagemaker, ti) == [result["job_name"]]


@pytest.mark.parametrize("deferrable", [False, True])
def test_throttles_end_no_wait(
    deferrable: bool, make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    operations = ("CreateProcessingJob", "DescribeProcessingJob", "ListProcessingJobs")
    busy = {"error": "ThrottlingException", "probability": 0.3}
    with faults(server, *({"operation": name} | busy for name in operations)):
        result = run(make(deferrable=deferrable), ti)
    assert _names(sagemaker, ti) == [result["job_name"]]


def test_another_instance_type_where_there_is_no_room(
    make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    with faults(server, NO_ROOM | {"count": 1}):
        result = run(make(instance_types=["ml.m5.xlarge"]), ti)
    first, second = _names(sagemaker, ti)
    assert result["job_name"] == second == f"{first}-2"
    found = sagemaker.describe_processing_job(ProcessingJobName=second)
    assert found["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.xlarge"


def test_another_instance_type_where_there_is_no_quota(
    make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    with faults(server, CREATE | {"error": "ResourceLimitExceeded", "count": 1}):
        result = run(make(instance_types=["ml.m5.xlarge"]), ti)
    found = sagemaker.describe_processing_job(ProcessingJobName=result["job_name"])
    assert found["ProcessingResources"]["ClusterConfig"]["InstanceType"] == "ml.m5.xlarge"


@pytest.mark.parametrize("deferrable", [False, True])
def test_it_waits_for_room_and_gives_up_in_the_end(
    deferrable: bool, no_waiting: None, make: Any, ti: Ti, server: Server, sagemaker: Any
) -> None:
    operator = make(capacity_waits=1, deferrable=deferrable)
    with faults(server, NO_ROOM | {"count": 2}), pytest.raises(NoCapacityError, match="Capacity"):
        run(operator, ti)
    assert len(_names(sagemaker, ti)) == 2
    assert run(make(), ti)["job_name"] == f"{_names(sagemaker, ti)[0]}-3"


def test_bad_data_fails_at_once(make: Any, ti: Ti, bucket: str) -> None:
    nothing = s3_input("raw", f"s3://{bucket}/nothing-here/", "/opt/ml/processing/input/raw")
    operator = make(config={"ProcessingInputs": [nothing]})
    with pytest.raises(RequestRefusedError, match=r"(?s)No S3 objects.*Look at it: http"):
        run(operator, ti)


def test_a_job_stopped_with_an_earlier_try_is_followed_by_the_next(
    make: Any, ti: Ti, sagemaker: Any
) -> None:
    """The old try's kill arrives after the new one has adopted its job."""
    with pytest.raises(TaskDeferred):
        make("import time; time.sleep(60)", deferrable=True).execute({"ti": ti})
    [name] = _names(sagemaker, ti)
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


def _kill_when_it_is_said(text: str, said: list[Any], operator: Any) -> None:
    while not any(text in str(entry) for entry in said):
        time.sleep(0.1)
    operator.on_kill()
