"""The answers to callback steps: results with types, failures, and refusals."""

from __future__ import annotations

from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue, message
from tests.include.local_aws.sagemaker.pipelines.definitions import Pipelines, callback, get, model


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
