"""Callback steps: the message, also while the execution stops, and a queue that is missing."""

from __future__ import annotations

from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue, message
from tests.include.local_aws.sagemaker.pipelines.definitions import Pipelines, callback


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
