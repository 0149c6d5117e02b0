"""The supervisor: parallelism, the status of an execution, and its way through a crash."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines import job_steps
from include.local_aws.sagemaker.pipelines.runner import PipelineRunner, Run
from include.local_aws.sagemaker.pipelines.state import KIND, VERSION_KIND, Execution
from include.local_aws.testing import running_server
from tests.include.local_aws.jobs import made
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    callback,
    condition,
    definition,
    equals,
    fail,
    get,
    model,
    parameter,
    processing,
)
from tests.include.local_aws.sagemaker.pipelines.executions import answering, refused, stored


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


def _ended(aws: Aws, arn: str) -> Doc:
    """Run a stored execution to its end."""

    async def run() -> None:
        runner = PipelineRunner(aws)
        await runner.start()
        async with asyncio.timeout(10):
            while runner._runs:
                await asyncio.sleep(0.001)
        await runner.stop()

    asyncio.run(run())
    return aws.store.get(KIND, arn) or {}


def test_an_experiment_that_is_refused_fails_the_execution(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = stored(aws, model("A")).arn
    names = {"ExperimentName": "e", "TrialName": "t"}
    text = definition(model("A"), PipelineExperimentConfig=names)
    aws.store.update(VERSION_KIND, "churn/1", PipelineDefinition=text)
    answering(aws, monkeypatch, create_experiment=refused("AccessDeniedException", "Denied."))
    ended = _ended(aws, arn)
    assert (ended["PipelineExecutionStatus"], ended["Steps"]) == ("Failed", {})
    assert ended["FailureReason"] == (
        "ClientError: Failed to invoke sagemaker:CreateExperiment. Error Details: Denied."
    )


@pytest.mark.parametrize(
    ("status", "result"), [("Succeeded", "Succeeded"), ("Stopped", "Stopped"), ("Failed", "Failed")]
)
def test_a_step_that_is_stopped_alone_stops_the_execution(
    aws: Aws, status: str, result: str
) -> None:
    state = {"StepName": "A", "StepStatus": status, "StartTime": 1.0, "EndTime": 2.0}
    execution = stored(aws, model("A"), model("B", DependsOn=["A"]), Steps={"A": state})
    if status == "Succeeded":
        execution.set_step("B", **state | {"StepName": "B"})
    ended = _ended(aws, execution.arn)
    assert ended["PipelineExecutionStatus"] == result
    assert ("B" in ended["Steps"]) == (status == "Succeeded")


@pytest.mark.parametrize("place", ["step", "execution"])
def test_an_unexpected_error_fails_the_execution(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    async def broken(self: Any) -> None:
        raise KeyError("bug")

    if place == "step":
        monkeypatch.setattr(job_steps.JobStep, "work", broken)
    else:
        monkeypatch.setattr(Run, "_one_ended", broken)
    ended = _ended(aws, stored(aws, model("A")).arn)
    assert ended["PipelineExecutionStatus"] == "Failed"
    failed = ended["Steps"]["A"] if place == "step" else ended
    assert failed["FailureReason"].startswith("InternalServerError: ")


def test_the_servers_end_leaves_an_execution_as_it_is(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancel its tasks, which would write into a store that is closed."""
    started, cancelled = asyncio.Event(), []

    async def wait(self: Any) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(self._step.name)
            raise

    monkeypatch.setattr(job_steps.JobStep, "work", wait)
    arn = stored(aws, model("A")).arn

    async def run() -> None:
        runner = PipelineRunner(aws)
        runner.submit(arn)
        await started.wait()
        await runner.stop()
        await asyncio.sleep(0)

    asyncio.run(run())
    assert cancelled == ["A"]
    execution = Execution(aws, arn)
    assert execution.doc["PipelineExecutionStatus"] == "Executing"
    assert execution.step("A")["StepStatus"] == "Starting"
