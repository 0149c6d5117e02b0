"""Callback steps: the message, also while the execution stops, and a queue that is missing."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.pipelines.callbacks import CALLBACK_KIND, answer
from include.local_aws.sagemaker.pipelines.callbacks import callback as work
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.pipelines.callback_messages import Queue, message
from tests.include.local_aws.sagemaker.pipelines.definitions import Pipelines, callback
from tests.include.local_aws.sagemaker.pipelines.executions import answering, stored


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


def test_an_answer_to_an_earlier_attempt_is_refused(aws: Aws) -> None:
    """Refuse the token of before a retry, which asks again by another one."""
    execution = stored(aws, callback("Ask", "https://queue"), Steps={"Ask": {"Token": "new"}})
    aws.store.insert(CALLBACK_KIND, "old", {"Execution": execution.arn, "Step": "Ask"})
    with pytest.raises(AwsError, match="old is of an earlier attempt") as caught:
        answer(aws, "old", {"OutputParameters": []})
    assert (caught.value.code, execution.step("Ask")) == ("ResourceNotFound", {"Token": "new"})


def test_a_cached_answer_is_not_asked_for_again(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    client = answering(aws, monkeypatch, send_message={})
    cached = callback("Ask", "https://queue") | {"CacheConfig": {"Enabled": True}}

    async def ask(identity: str) -> dict[str, object]:
        execution = stored(aws, cached, identity=identity)
        working = asyncio.create_task(work(execution, execution.definition.steps["Ask"]))
        while "Token" not in execution.step("Ask") and not working.done():
            await asyncio.sleep(0.001)
        if token := execution.step("Ask").get("Token"):
            answer(aws, token, {"OutputParameters": []})
        await working
        return execution.step("Ask")

    assert "CacheHitResult" not in asyncio.run(ask("first"))
    assert "CacheHitResult" in asyncio.run(ask("second"))
    assert len(client.calls) == 1
