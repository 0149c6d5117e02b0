"""Executions: parameters, listing, stopping, retrying, selective execution."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal
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


def test_an_execution_has_typed_parameters_and_variables(pipelines: Pipelines) -> None:
    joined = {"Std:Join": {"On": "-", "Values": [get("Parameters.N"), get("Parameters.On")]}}
    environment = {
        "JOINED": joined,
        "NUMBER": get("Parameters.N"),
        "ARN": get("Execution.PipelineExecutionArn"),
        "ID": get("Execution.PipelineExecutionId"),
    }
    name = pipelines.create(
        model("A", environment=environment),
        parameters=(
            parameter("N", "Integer"),
            parameter("On", "Boolean", DefaultValue=True),
        ),
    )
    assert "N has no default" in refusal(pipelines.start, name=name)[1]
    token = uuid.uuid4().hex
    arn = pipelines.start(name, {"N": "7"}, ClientRequestToken=token)
    assert pipelines.start(name, {"N": "7"}, ClientRequestToken=token) == arn
    execution = pipelines.ended(arn)
    assert execution["PipelineExecutionStatus"] == "Succeeded"
    assert execution["PipelineExecutionDisplayName"].startswith("execution-1")
    assert execution["PipelineArn"] == arn.partition("/execution")[0]
    container = pipelines.model(arn, "A")["PrimaryContainer"]
    identity = arn.rpartition("/")[2]
    assert container["Environment"] == {
        "JOINED": "7-true",
        "NUMBER": "7",
        "ARN": arn,
        "ID": identity,
    }
    client = pipelines.client
    listed = client.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)
    values = {item["Name"]: item["Value"] for item in listed["PipelineParameters"]}
    assert values == {"N": "7", "On": "true"}
    described = client.describe_pipeline(PipelineName=name)
    assert described["LastRunTime"] == execution["CreationTime"]
    page = client.list_pipeline_executions(PipelineName=name)["PipelineExecutionSummaries"]
    assert [item["PipelineExecutionArn"] for item in page] == [arn]
    assert page[0]["StartTime"] == execution["CreationTime"]


def test_unknown_names_are_refused(pipelines: Pipelines) -> None:
    client, name = pipelines.client, pipelines.unique("none")
    arn = f"arn:aws:sagemaker:us-east-1:000000000000:pipeline/{name}"
    refused = ("ResourceNotFound", f"Pipeline '{arn}' does not exist.")
    assert refusal(client.start_pipeline_execution, PipelineName=name) == refused
    assert refusal(client.list_pipeline_executions, PipelineName=name) == refused
    execution = f"{arn}/execution/abc"
    for call in (
        client.describe_pipeline_execution,
        client.stop_pipeline_execution,
        client.retry_pipeline_execution,
        client.list_pipeline_execution_steps,
    ):
        refused = refusal(call, PipelineExecutionArn=execution)
        assert refused == (
            "ResourceNotFound",
            f"Pipeline execution with ARN {execution} does not exist.",
        )


def test_stopping_stops_the_jobs(pipelines: Pipelines) -> None:
    client = pipelines.client
    slow = processing("Slow", "import time; time.sleep(600)")
    arn = pipelines.start(pipelines.create(slow, model("After", DependsOn=["Slow"])))
    pipelines.until(arn, "Slow")
    client.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert pipelines.status(arn) == "Stopped"
    steps = pipelines.steps(arn)
    assert {name: step["StepStatus"] for name, step in steps.items()} == {"Slow": "Stopped"}
    job = steps["Slow"]["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    listed = client.list_processing_jobs(NameContains=job)["ProcessingJobSummaries"]
    assert [item["ProcessingJobStatus"] for item in listed] == ["Stopped"]
    code, message = refusal(client.stop_pipeline_execution, PipelineExecutionArn=arn)
    assert code == "ValidationException"
    assert "Only pipelines with 'Executing' status can be stopped" in message


def test_a_retry_runs_only_what_did_not_succeed(pipelines: Pipelines) -> None:
    client, image = pipelines.client, "000000000000.dkr.ecr.us-east-1.amazonaws.com/none:1"
    name = pipelines.create(
        model("Good"),
        model("Bad", environment={"A": get("Steps.Good.ModelName")}, image=image),
        model("Last", DependsOn=["Bad"]),
    )
    arn = pipelines.start(name)
    ended = pipelines.ended(arn)
    assert ended["PipelineExecutionStatus"] == "Failed"
    assert ended["FailureReason"] == "Step failure: One or multiple steps failed."
    first = pipelines.steps(arn)
    assert first["Bad"]["FailureReason"].startswith(
        "ClientError: Failed to invoke sagemaker:CreateModel. Error Details: "
    )
    assert "Last" not in first
    client.retry_pipeline_execution(PipelineExecutionArn=arn)
    assert pipelines.status(arn) == "Failed"
    second = pipelines.steps(arn)
    assert second["Good"] == first["Good"]
    assert second["Bad"]["StartTime"] > first["Bad"]["StartTime"]
    done = pipelines.start(pipelines.create(model("A")))
    assert pipelines.status(done) == "Succeeded"
    code, message = refusal(client.retry_pipeline_execution, PipelineExecutionArn=done)
    assert code == "ConflictException"
    assert "Only pipelines with 'Failed' or 'Stopped' status can be retried" in message


def test_a_selective_execution_takes_over_the_other_results(pipelines: Pipelines) -> None:
    steps = (
        model("A"),
        model("B", environment={"A": get("Steps.A.ModelName")}),
        model("C", environment={"B": get("Steps.B.ModelName")}),
        model("Alone"),
    )
    name = pipelines.create(*steps)
    source = pipelines.start(name)
    assert pipelines.status(source) == "Succeeded"
    selected: dict[str, Any] = {"SelectedSteps": [{"StepName": "B"}]}
    refused = refusal(pipelines.start, name=name, SelectiveExecutionConfig=selected)
    assert refused[1] == (
        "Invalid SourcePipelineExecutionArn: null. The selected steps [B] have dependencies on [A]"
    )
    selected["SourcePipelineExecutionArn"] = source
    arn = pipelines.start(name, SelectiveExecutionConfig=selected)
    assert pipelines.status(arn) == "Succeeded"
    result = pipelines.steps(arn)
    assert set(result) == {"A", "B"}
    assert result["A"]["SelectiveExecutionResult"] == {"SourcePipelineExecutionArn": source}
    assert "SelectiveExecutionResult" not in result["B"]
    model_of_a = pipelines.model(source, "A")["ModelName"]
    assert pipelines.model(arn, "B")["PrimaryContainer"]["Environment"] == {"A": model_of_a}
    gap = selected | {"SelectedSteps": [{"StepName": "A"}, {"StepName": "C"}]}
    message = refusal(pipelines.start, name=name, SelectiveExecutionConfig=gap)[1]
    assert "'B' is between selected steps" in message
    unknown = selected | {"SelectedSteps": [{"StepName": "X"}]}
    message = refusal(pipelines.start, name=name, SelectiveExecutionConfig=unknown)[1]
    assert "'X' is not a step that can be selected" in message


def test_a_selected_step_of_the_other_branch_is_refused(pipelines: Pipelines) -> None:
    branch = condition("C", equals(1, 2), then=(model("T"),), other=(model("E"),))
    name = pipelines.create(branch)
    source = pipelines.start(name)
    assert pipelines.status(source) == "Succeeded"
    config = {"SourcePipelineExecutionArn": source, "SelectedSteps": [{"StepName": "T"}]}
    message = refusal(pipelines.start, name=name, SelectiveExecutionConfig=config)[1]
    assert "'T' runs if 'C' is True, and it was False" in message


def test_the_parallelism_is_observed_also_when_it_changes(
    pipelines: Pipelines, queue: tuple[Any, str]
) -> None:
    client, url = pipelines.client, queue[1]
    name = pipelines.create(callback("Q1", url), callback("Q2", url), callback("Q3", url))
    arn = pipelines.start(name, ParallelismConfiguration={"MaxParallelExecutionSteps": 1})
    first = pipelines.until(arn, "Q1")["Metadata"]["Callback"]["CallbackToken"]
    assert set(pipelines.steps(arn)) == {"Q1"}
    client.update_pipeline_execution(
        PipelineExecutionArn=arn,
        PipelineExecutionDescription="wider",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 2},
    )
    client.send_pipeline_execution_step_success(CallbackToken=first)
    tokens = [
        pipelines.until(arn, step)["Metadata"]["Callback"]["CallbackToken"] for step in ("Q2", "Q3")
    ]
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


def test_a_fail_step_stops_what_runs(pipelines: Pipelines, queue: tuple[Any, str]) -> None:
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
    token = pipelines.until(arn, "Wait")["Metadata"]["Callback"]["CallbackToken"]
    pipelines.client.send_pipeline_execution_step_success(CallbackToken=token)
    assert pipelines.status(arn) == "Failed"
    steps = pipelines.steps(arn)
    assert steps["F"]["Metadata"] == {"Fail": {"ErrorMessage": "too low: 0.5"}}
    assert (steps["F"]["StepStatus"], steps["Slow"]["StepStatus"]) == ("Failed", "Stopped")
