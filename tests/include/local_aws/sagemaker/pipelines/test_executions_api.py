"""Executions: parameters, listing, stopping, retrying."""

from __future__ import annotations

import uuid

from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
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
    token = uuid.uuid4().hex
    for _ in range(2):  # a client repeats a call whose answer was lost
        client.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken=token)
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
    token, limit = uuid.uuid4().hex, {"MaxParallelExecutionSteps": 1}
    for _ in range(2):  # a client repeats a call whose answer was lost
        client.retry_pipeline_execution(
            PipelineExecutionArn=arn, ClientRequestToken=token, ParallelismConfiguration=limit
        )
    ended = pipelines.ended(arn)
    assert ended["PipelineExecutionStatus"] == "Failed"
    assert ended["ParallelismConfiguration"] == limit
    second = pipelines.steps(arn)
    assert second["Good"] == first["Good"]
    assert second["Bad"]["StartTime"] > first["Bad"]["StartTime"]
    done = pipelines.start(pipelines.create(model("A")))
    assert pipelines.status(done) == "Succeeded"
    code, message = refusal(client.retry_pipeline_execution, PipelineExecutionArn=done)
    assert code == "ConflictException"
    assert "Only pipelines with 'Failed' or 'Stopped' status can be retried" in message
