"""The supervisor: parallelism, the status of an execution, and its way through a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.testing import running_server
from tests.include.local_aws.jobs import made
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    callback,
    condition,
    equals,
    fail,
    get,
    model,
    parameter,
    processing,
)


def test_the_parallelism_is_observed_also_when_it_changes(
    pipelines: Pipelines, queue: Queue
) -> None:
    client, url = pipelines.client, queue[1]
    name = pipelines.create(callback("Q1", url), callback("Q2", url), callback("Q3", url))
    arn = pipelines.start(name, ParallelismConfiguration={"MaxParallelExecutionSteps": 1})
    first = pipelines.token(arn, "Q1")
    assert set(pipelines.steps(arn)) == {"Q1"}
    client.update_pipeline_execution(
        PipelineExecutionArn=arn,
        PipelineExecutionDescription="wider",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 2},
    )
    client.send_pipeline_execution_step_success(CallbackToken=first)
    tokens = [pipelines.token(arn, step) for step in ("Q2", "Q3")]
    for token in tokens:
        client.send_pipeline_execution_step_success(CallbackToken=token)
    ended = pipelines.ended(arn)
    assert ended["PipelineExecutionStatus"] == "Succeeded"
    assert ended["PipelineExecutionDescription"] == "wider"
    assert ended["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 2}


@pytest.mark.parametrize("trigger", ["Failed", "Any"])
def test_a_failure_that_a_step_handles_is_not_the_executions(
    pipelines: Pipelines, trigger: str
) -> None:
    image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/none:1"
    after = model("Notify", DependsOn=[{"Step": "Bad", "Trigger": trigger}])
    arn = pipelines.start(pipelines.create(model("Bad", image=image), after))
    assert pipelines.status(arn) == "CompletedWithFailures"
    assert pipelines.statuses(arn) == {"Bad": "Failed", "Notify": "Succeeded"}


def test_a_fail_step_stops_what_runs(pipelines: Pipelines, queue: Queue) -> None:
    message = {"Std:Join": {"On": " ", "Values": ["too low:", get("Parameters.X")]}}
    slow = processing("Slow", "import time; time.sleep(600)")
    arn = pipelines.start(
        pipelines.create(
            slow,
            callback("Wait", queue[1]),
            fail("F", message) | {"DependsOn": ["Wait"]},
            parameters=(parameter("X", "Float", DefaultValue=0.5),),
        )
    )
    pipelines.until(arn, "Slow")
    token = pipelines.token(arn, "Wait")
    pipelines.client.send_pipeline_execution_step_success(CallbackToken=token)
    assert pipelines.status(arn) == "Failed"
    steps = pipelines.steps(arn)
    assert steps["F"]["Metadata"] == {"Fail": {"ErrorMessage": "too low: 0.5"}}
    assert (steps["F"]["StepStatus"], steps["Slow"]["StepStatus"]) == ("Failed", "Stopped")


def test_an_execution_resumes_after_a_kill(tmp_path: Path) -> None:
    """The interrupted job runs again; the callback keeps its token; nothing is done twice."""
    with running_server(tmp_path, time_scale=60) as server:
        jobs = made(server, "pipelines")
        pipelines = Pipelines(jobs, lambda stem: f"{stem}-1")
        url = server.client("sqs").create_queue(QueueName="kept")["QueueUrl"]
        slow = processing("Slow", "import time; time.sleep(600)", "s3://pipelines/out")
        name = pipelines.create(
            model("Before"),
            slow,
            callback("Ask", url),
            condition(
                "After", equals(get("Steps.Before.ModelName"), "x"), then=(), other=(model("E"),)
            ),
        )
        arn = pipelines.start(name)
        token = pipelines.token(arn, "Ask")
        first = pipelines.until(arn, "Slow")["Metadata"]
        pipelines.until(arn, "E", "Succeeded")
        server.kill()
    with running_server(tmp_path, time_scale=60) as server:
        client = server.client("sagemaker")
        jobs.sagemaker = client
        pipelines.client.send_pipeline_execution_step_success(CallbackToken=token)
        pipelines.until(arn, "Ask", "Succeeded")
        assert pipelines.until(arn, "Slow", attempt=2)["Metadata"] != first
        assert len(client.list_models()["Models"]) == 2
        client.stop_pipeline_execution(PipelineExecutionArn=arn)
        assert pipelines.status(arn) == "Stopped"
