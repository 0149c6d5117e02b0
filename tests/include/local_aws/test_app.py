"""The routing of requests, and refusals in each protocol."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.app import App
from include.local_aws.core.account import Aws
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.testing import Server
from include.local_aws.wire import codecs
from tests.include.local_aws.refusals import refusal


def post(server: Server, path: str, body: bytes, **headers: str) -> tuple[int, Any]:
    """Send a request that no SDK would send."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.url + path, data=body, headers=fields)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_operation_that_is_not_emulated_is_named(sagemaker: Any) -> None:
    code, message = refusal(sagemaker.list_feature_groups)
    assert code == "NotImplementedException"
    assert "sagemaker:ListFeatureGroups is not emulated" in message


def test_input_is_checked_before_it_is_refused(sagemaker: Any) -> None:
    """A wrong request is wrong, whether or not the operation is emulated."""
    code, _ = refusal(sagemaker.describe_feature_group, FeatureGroupName="_bad_")
    assert code == "ValidationException"


def test_handler_that_fails_answers_an_error_without_its_cause(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Clients retry it; the cause is in the log alone."""

    def fail(*_: object) -> None:
        raise KeyError("cause")

    async def account(_: object) -> Aws:
        return aws

    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"{}"}

    monkeypatch.setitem(OPERATIONS, ("sagemaker", "ListModels"), fail)
    unused: Any = None
    app = App(SimpleNamespace(of=account), unused)  # type: ignore[arg-type]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b""}
    scope["headers"] = [(b"x-amz-target", b"SageMaker.ListModels")]
    asyncio.run(app(scope, receive, send))
    start, body = messages
    answer = json.loads(body["body"])
    assert (start["status"], answer["__type"]) == (500, "InternalFailure")
    assert "see its log" in answer["message"]
    assert ("cause" in answer["message"], "KeyError: 'cause'" in caplog.text) == (False, True)


def test_operation_that_aws_does_not_have_is_unknown(local_aws: Server) -> None:
    status, body = post(local_aws, "/", b"{}", X_Amz_Target="SageMaker.InventMachine")
    assert status == 400
    assert json.loads(body)["__type"] == "UnknownOperationException"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]", b'"text"', b"[" * 100_000])
def test_unreadable_body_is_refused(local_aws: Server, body: bytes) -> None:
    status, answer = post(local_aws, "/", body, X_Amz_Target="SageMaker.ListModels")
    assert status == 400
    assert json.loads(answer)["__type"] == "SerializationException"


@pytest.mark.parametrize("body", [b"", b"\xff", b"\xa1", b"\x81" * 5000, b"\x9f", b"\x01"])
def test_unreadable_cbor_is_refused(local_aws: Server, body: bytes) -> None:
    path = "/service/GraniteServiceVersion20100801/operation/PutMetricData"
    status, _ = post(local_aws, path, body, Content_Type="application/cbor")
    assert status == 400


def test_cloudwatch_answers_boto3(local_aws: Server) -> None:
    client = local_aws.client("cloudwatch")
    assert client.describe_alarms(AlarmNames=["unknown"])["MetricAlarms"] == []
    code, message = refusal(client.list_metric_streams)
    assert code == "NotImplementedException"
    assert "cloudwatch:ListMetricStreams" in message


def test_cloudwatch_takes_cbor_too(local_aws: Server) -> None:
    """boto3 sends JSON; AWS's model prefers CBOR, which other SDKs use."""
    path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms"
    asked = b"\xa1\x6aAlarmNames\x81\x67unknown"  # {"AlarmNames": ["unknown"]}
    status, body = post(local_aws, path, asked, Content_Type="application/cbor")
    assert status == 200
    assert codecs.CBOR.parsed(body)["MetricAlarms"] == []


def test_bucket_may_be_called_endpoints(s3: Any) -> None:
    """Its path begins like that of an invocation."""
    s3.create_bucket(Bucket="endpoints")
    s3.put_object(Bucket="endpoints", Key="a/invocations.csv", Body=b"data")
    assert s3.get_object(Bucket="endpoints", Key="a/invocations.csv")["Body"].read() == b"data"


def test_health_is_ready(local_aws: Server) -> None:
    with urllib.request.urlopen(f"{local_aws.url}/_local/health", timeout=10) as response:
        assert response.status == 200
        assert json.load(response) == {"status": "ready"}


def test_unknown_local_path_is_not_found(local_aws: Server) -> None:
    status, _ = post(local_aws, "/_local/nothing", b"")
    assert status == 404


def test_presigned_url_of_cloudwatch_changes_nothing(local_aws: Server) -> None:
    """It would be the only request that an image in a web page can send."""
    scope = "X-Amz-Credential=test/20260101/us-east-1/monitoring/aws4_request"
    metric = "MetricData.member.1.MetricName=m&MetricData.member.1.Value=1"
    query = f"Action=PutMetricData&Version=2010-08-01&Namespace=Presigned&{metric}&{scope}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{local_aws.url}/?{query}", timeout=30)
    assert refused.value.code == 501
    assert b"Presigned URLs of monitoring are not emulated" in refused.value.read()
    assert local_aws.client("cloudwatch").list_metrics(Namespace="Presigned")["Metrics"] == []
