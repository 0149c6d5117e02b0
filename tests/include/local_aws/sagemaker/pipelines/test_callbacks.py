"""Callback steps: the message, the answers, and stopping."""

from __future__ import annotations

import json
from typing import Any

from include.local_aws.core.store import Doc
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.definitions import Pipelines, callback, get, model

Queue = tuple[Any, str]


def message(queue: Queue) -> Doc:
    """Take the next message of a queue."""
    sqs, url = queue
    (received,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received["ReceiptHandle"])
    body: Doc = json.loads(received["Body"])
    return body


def test_the_answer_is_a_result_for_later_steps(pipelines: Pipelines, queue: Queue) -> None:
    client, outputs = pipelines.client, {"rows": "Integer", "label": "String"}
    first = callback("Ask", queue[1], outputs, source=get("Execution.PipelineName"))
    environment = {
        "ROWS": get("Steps.Ask.OutputParameters['rows']"),
        "LABEL": get("Steps.Ask.OutputParameters['label']"),
    }
    name = pipelines.create(first, model("Use", environment=environment))
    arn = pipelines.start(name)
    body = message(queue)
    token = body["token"]
    assert body == {
        "token": token,
        "pipelineExecutionArn": arn,
        "arguments": {"source": name},
        "status": "Executing",
    }
    send = client.send_pipeline_execution_step_success
    for value, words in (
        ({"Name": "x", "Value": "1"}, "'x' is not declared"),
        ({"Name": "rows", "Value": "many"}, "'many' of output rows"),
    ):
        assert words in refusal(send, CallbackToken=token, OutputParameters=[value])[1]
    step = pipelines.until(arn, "Ask")
    assert step["Metadata"]["Callback"] == {"CallbackToken": token, "SqsQueueUrl": queue[1]}
    given = [{"Name": "rows", "Value": "7"}, {"Name": "label", "Value": "good"}]
    assert send(CallbackToken=token, OutputParameters=given)["PipelineExecutionArn"] == arn
    assert pipelines.status(arn) == "Succeeded"
    assert pipelines.steps(arn)["Ask"]["Metadata"]["Callback"]["OutputParameters"] == given
    assert pipelines.model(arn, "Use")["PrimaryContainer"]["Environment"] == {
        "ROWS": "7",
        "LABEL": "good",
    }
    assert "Answer a callback once" in refusal(send, CallbackToken=token)[1]
    assert refusal(send, CallbackToken="A" * 10)[0] == "ResourceNotFound"


def test_a_failure_fails_the_step(pipelines: Pipelines, queue: Queue) -> None:
    arn = pipelines.start(pipelines.create(callback("Ask", queue[1])))
    pipelines.client.send_pipeline_execution_step_failure(
        CallbackToken=message(queue)["token"], FailureReason="no rows"
    )
    assert pipelines.status(arn) == "Failed"
    assert pipelines.steps(arn)["Ask"]["FailureReason"] == "no rows"


def test_a_stopping_execution_waits_for_the_answer(pipelines: Pipelines, queue: Queue) -> None:
    client = pipelines.client
    arn = pipelines.start(pipelines.create(callback("Ask", queue[1])))
    first = message(queue)
    client.stop_pipeline_execution(PipelineExecutionArn=arn)
    second = message(queue)
    assert second == first | {"status": "Stopping"}
    described = client.describe_pipeline_execution(PipelineExecutionArn=arn)
    assert described["PipelineExecutionStatus"] == "Stopping"
    client.send_pipeline_execution_step_success(CallbackToken=first["token"])
    assert pipelines.status(arn) == "Stopped"


def test_a_queue_that_does_not_exist_fails_the_step(pipelines: Pipelines, queue: Queue) -> None:
    arn = pipelines.start(pipelines.create(callback("Ask", f"{queue[1]}-none")))
    assert pipelines.status(arn) == "Failed"
    reason = pipelines.steps(arn)["Ask"]["FailureReason"]
    assert reason.startswith("ClientError: Failed to invoke sqs:SendMessage. Error Details: ")
