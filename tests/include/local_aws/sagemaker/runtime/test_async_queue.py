"""Asynchronous endpoints over real S3, SNS and SQS; a minute of AWS is a second here."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime import async_requests, deployments
from include.local_aws.sagemaker.runtime.async_queue import AsyncQueue
from include.local_aws.sagemaker.runtime.connections import (
    ConnectionLostError,
    Invocation,
    Response,
)
from include.local_aws.sagemaker.runtime.deployments import Variant
from include.local_aws.sagemaker.runtime.observations import Observations
from include.local_aws.sagemaker.runtime.traffic import Traffic
from include.local_aws.testing import running_server
from tests.include.local_aws.jobs import KMS_KEY
from tests.include.local_aws.models import Platform, variant
from tests.include.local_aws.refusals import refusal


def _config(platform: Platform, **members: Any) -> dict[str, Any]:
    output = {
        "S3OutputPath": f"s3://{platform.bucket}/out",
        "S3FailurePath": f"s3://{platform.bucket}/failed",
    }
    return {
        "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 1},
        "OutputConfig": output | members,
    }


@pytest.fixture(scope="module")
def queue(platform: Platform) -> str:
    """Return the URL of an SQS queue that gets success and error notifications."""
    sqs = platform.server.client("sqs")
    url: str = sqs.create_queue(QueueName=platform.unique("queue"))["QueueUrl"]
    return url


@pytest.fixture(scope="module")
def asynchronous(platform: Platform, queue: str) -> str:
    sns = platform.server.client("sns")
    sqs = platform.server.client("sqs")
    topic = sns.create_topic(Name=platform.unique("topic"))["TopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    notices = {"SuccessTopic": topic, "ErrorTopic": topic}
    return platform.serving(
        variant(platform.model()),
        AsyncInferenceConfig=_config(platform, NotificationConfig=notices, KmsKeyId=KMS_KEY),
    )


def _send(platform: Platform, name: str, text: str, **members: Any) -> dict[str, Any]:
    key = platform.unique("in")
    platform.s3.put_object(Bucket=platform.bucket, Key=key, Body=text)
    sent: dict[str, Any] = platform.runtime.invoke_endpoint_async(
        EndpointName=name,
        InputLocation=f"s3://{platform.bucket}/{key}",
        ContentType="text/csv",
        **members,
    )
    return sent


def _result(platform: Platform, location: str, within: float = 60) -> str:
    """Return the object at *location*, once it exists."""
    key = location.removeprefix(f"s3://{platform.bucket}/")
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        listed = platform.s3.list_objects_v2(Bucket=platform.bucket, Prefix=key)
        if listed["KeyCount"]:
            item = platform.s3.get_object(Bucket=platform.bucket, Key=key)
            return str(item["Body"].read().decode())
        time.sleep(0.05)
    raise TimeoutError(f"{location} was never written")


def _notice(platform: Platform, queue: str, inference_id: str) -> dict[str, Any]:
    sqs = platform.server.client("sqs")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for message in sqs.receive_message(QueueUrl=queue).get("Messages", []):
            notice: dict[str, Any] = json.loads(json.loads(message["Body"])["Message"])
            if notice["inferenceId"] == inference_id:
                return notice
    raise TimeoutError(f"no notice of {inference_id}")


def test_answer_lands_in_s3_and_is_announced(
    platform: Platform, asynchronous: str, queue: str
) -> None:
    sent = _send(platform, asynchronous, "1,2,3", InferenceId="order-1")
    assert sent["InferenceId"] == "order-1"
    assert sent["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert _result(platform, sent["OutputLocation"]) == "1,2,3"
    key = sent["OutputLocation"].removeprefix(f"s3://{platform.bucket}/")
    assert platform.s3.head_object(Bucket=platform.bucket, Key=key)["SSEKMSKeyId"] == KMS_KEY
    notice = _notice(platform, queue, "order-1")
    assert notice["invocationStatus"] == "Completed"
    assert notice["responseParameters"]["outputLocation"] == sent["OutputLocation"]
    assert notice["requestParameters"]["endpointName"] == asynchronous


def test_failure_lands_in_its_own_place(platform: Platform, asynchronous: str, queue: str) -> None:
    sent = _send(platform, asynchronous, "fail not today", InferenceId="order-2")
    text = _result(platform, sent["FailureLocation"])
    assert "Received server error (500) from primary" in text
    assert "not today" in text
    notice = _notice(platform, queue, "order-2")
    assert notice["invocationStatus"] == "Failed"
    assert "not today" in notice["failureReason"]


def test_output_has_the_requested_name(platform: Platform, asynchronous: str) -> None:
    members = {"S3OutputPathExtension": "today/", "Filename": "scores.csv"}
    sent = _send(platform, asynchronous, "1", **members)
    assert sent["OutputLocation"] == f"s3://{platform.bucket}/out/today/scores.csv"


def test_body_may_come_with_the_request(platform: Platform, asynchronous: str) -> None:
    sent = platform.runtime.invoke_endpoint_async(
        EndpointName=asynchronous, Body=b"7,8", ContentType="text/csv"
    )
    assert _result(platform, sent["OutputLocation"]) == "7,8"


@pytest.mark.parametrize(
    ("members", "seen"), [({}, "text/tab"), ({"ContentType": "text/csv"}, "text/csv")]
)
def test_type_of_the_object_counts_unless_the_request_has_one(
    platform: Platform, asynchronous: str, members: dict[str, str], seen: str
) -> None:
    key = platform.unique("in")
    platform.s3.put_object(Bucket=platform.bucket, Key=key, Body="type", ContentType="text/tab")
    sent = platform.runtime.invoke_endpoint_async(
        EndpointName=asynchronous, InputLocation=f"s3://{platform.bucket}/{key}", **members
    )
    assert _result(platform, sent["OutputLocation"]) == seen


def test_input_that_is_missing_fails(platform: Platform, asynchronous: str) -> None:
    sent = platform.runtime.invoke_endpoint_async(
        EndpointName=asynchronous, InputLocation=f"s3://{platform.bucket}/nosuch"
    )
    assert "Unable to download" in _result(platform, sent["FailureLocation"])


def test_time_limit_of_a_request(platform: Platform, asynchronous: str) -> None:
    sent = _send(platform, asynchronous, "sleep 3", InvocationTimeoutSeconds=1)
    text = _result(platform, sent["FailureLocation"])
    assert "took longer than its 1 seconds" in text


def test_request_that_waits_too_long_expires(platform: Platform, asynchronous: str) -> None:
    _send(platform, asynchronous, "sleep 3")
    sent = _send(platform, asynchronous, "1", RequestTTLSeconds=60)
    assert "The request expired" in _result(platform, sent["FailureLocation"])


def test_backlog_is_measured_and_survives_zero_instances(
    platform: Platform, asynchronous: str
) -> None:
    _scale(platform, asynchronous, 0)
    sent = _send(platform, asynchronous, "late")
    cloudwatch = platform.server.client("cloudwatch")
    _until(lambda: _peak(cloudwatch, asynchronous, "HasBacklogWithoutCapacity") == 1)
    assert _peak(cloudwatch, asynchronous, "ApproximateBacklogSize") >= 1
    _scale(platform, asynchronous, 1)
    assert _result(platform, sent["OutputLocation"]) == "late"


def _scale(platform: Platform, name: str, count: int) -> None:
    wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": count}
    platform.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=[wish]
    )
    (variant,) = platform.settled(name)["ProductionVariants"]
    assert variant["CurrentInstanceCount"] == count


def _peak(cloudwatch: Any, name: str, metric: str) -> float:
    now = time.time()
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName=metric,
        Dimensions=[{"Name": "EndpointName", "Value": name}],
        StartTime=now - 3600,
        EndTime=now + 3600,
        Period=86400,
        Statistics=["Maximum"],
    )["Datapoints"]
    return max((point["Maximum"] for point in points), default=0.0)


def _until(condition: Any, within: float = 30) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_each_kind_of_endpoint_has_its_own_call(
    platform: Platform, asynchronous: str, endpoint: str
) -> None:
    runtime = platform.runtime
    code, message = refusal(runtime.invoke_endpoint, EndpointName=asynchronous, Body="1")
    assert (code, "InvokeEndpointAsync" in message) == ("ValidationError", True)
    code, message = refusal(
        runtime.invoke_endpoint_async, EndpointName=endpoint, InputLocation="s3://b/k"
    )
    assert (code, "not asynchronous" in message) == ("ValidationError", True)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({}, "Exactly one of InputLocation and Body"),
        ({"InputLocation": "s3://b/k", "Body": b"1"}, "Exactly one of InputLocation and Body"),
        ({"InputLocation": "s3://b/k", "RequestTTLSeconds": 21601}, "requestTTLSeconds"),
    ],
)
def test_bad_request_is_refused(
    platform: Platform, asynchronous: str, members: dict[str, Any], message: str
) -> None:
    code, refused = refusal(
        platform.runtime.invoke_endpoint_async, EndpointName=asynchronous, **members
    )
    assert code == "ValidationError"
    assert message in refused


def test_real_time_endpoint_does_not_scale_to_zero(platform: Platform, endpoint: str) -> None:
    wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": 0}
    _, message = refusal(
        platform.sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=[wish],
    )
    assert "only asynchronous endpoints scale to zero" in message


def test_queue_survives_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path, time_scale=60) as server:
        numbers = itertools.count()
        platform = Platform(server, lambda stem: f"{stem}-{next(numbers)}")
        config = _config(platform)
        name = platform.serving(variant(platform.model()), AsyncInferenceConfig=config)
        sent = [_send(platform, name, text) for text in ("sleep 2", "1", "2")]
        server.kill()
    with running_server(tmp_path, time_scale=60) as server:
        platform.s3 = server.client("s3", s3={"addressing_style": "path"})
        assert [_result(platform, s["OutputLocation"]) for s in sent] == ["sleep 2", "1", "2"]


class _Bucket:
    """Takes objects except below the prefix *lost*."""

    class exceptions:  # noqa: N801  (as a client of boto3 names it)
        ClientError = ClientError

    def __init__(self, lost: str) -> None:
        self.lost = lost
        self.objects: dict[str, str] = {}

    def put_object(self, **request: Any) -> None:
        if request["Key"].startswith(self.lost):
            raise ConnectionError("The bucket has gone.")
        self.objects[request["Key"]] = request["Body"].decode()


class _Model(Variant):
    """Answers with the given outcomes: a response, None for an instance that ended, an error."""

    def answer(self, *outcomes: Response | Exception | None) -> None:
        self.outcomes, self.is_asked = iter(outcomes), False

    async def ask(self, invocation: Invocation) -> Response | None:
        self.is_asked = True
        outcome = next(self.outcomes, None)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def ready(self) -> list[Any]:
        return [self]


ANSWER = Response(200, [], b"7")
REQUEST = {
    "EndpointName": "churn",
    "Token": "t",
    "InferenceId": "i",
    "Body": "",
    "OutputLocation": "s3://b/out/t",
    "FailureLocation": "s3://b/failed/t",
    "RequestTTLSeconds": 60,
    "InvocationTimeoutSeconds": 5,
}


@pytest.mark.parametrize(
    ("outcomes", "lost", "stored"),
    [
        ([None, ANSWER], "none", ("out/t", "7")),
        ([ConnectionLostError(True)], "none", ("failed/t", "the connection")),
        ([ANSWER], "out", ("failed/t", "InternalServerError: The bucket has gone.")),
        ([ANSWER], "", None),
        ([None], "none", ("failed/t", "Endpoint churn was deleted.")),
    ],
    ids=["instance ends", "connection", "output", "output and failure", "deleted"],
)
def test_each_request_has_one_outcome(
    aws: Aws,
    monkeypatch: pytest.MonkeyPatch,
    outcomes: list[Any],
    lost: str,
    stored: tuple[str, str] | None,
) -> None:
    """Ask another instance than one that ended; treat a lost output as a failure."""
    bucket = _Bucket(lost)
    aws._clients["s3", aws.credentials.of_role(aws.account, "").key_id, ""] = bucket
    monkeypatch.setattr(deployments, "Variant", _Model)
    spec = {"VariantName": "AllTraffic", "DesiredWeight": 1.0, "Containers": []}
    config = {"OutputConfig": {"S3OutputPath": "s3://b/out", "S3FailurePath": "s3://b/failed"}}
    doc = {"EndpointConfigName": "c", "Variants": [spec], "Async": config}
    deployment = deployments.Deployment(aws, "churn", doc)
    live = {"churn": Traffic(deployment)}
    aws.store.insert(async_requests.KIND, "t", REQUEST | {"Received": aws.clock.now()})
    model = deployment.next()
    assert isinstance(model, _Model)
    model.answer(*outcomes)

    async def serve() -> None:
        queue = AsyncQueue(aws, live, Observations(aws))
        queue.load()
        running = asyncio.create_task(queue.run())
        if outcomes == [None]:
            while not model.is_asked:
                await asyncio.sleep(0)
            del live["churn"]
        while aws.store.get(async_requests.KIND, "t"):
            await asyncio.sleep(0.001)
        running.cancel()

    asyncio.run(serve())
    if stored is None:
        assert bucket.objects == {}
    else:
        (text,) = bucket.objects.values()
        assert (list(bucket.objects), stored[1] in text) == ([stored[0]], True)


def test_deleted_endpoint_leaves_no_request(aws: Aws) -> None:
    queue = AsyncQueue(aws, {}, Observations(aws))
    aws.store.insert(async_requests.KIND, "t", REQUEST)

    async def forget() -> None:
        queue.load()
        queue.forget("churn")

    asyncio.run(forget())
    assert aws.store.list(async_requests.KIND) == []
