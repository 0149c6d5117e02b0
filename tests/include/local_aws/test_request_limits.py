"""Bodies that are too large, too deep, too slow or cut off: refused, and nothing is executed."""

from __future__ import annotations

import asyncio
import functools
import gzip
import time
import zlib
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from include.local_aws import request_limits
from include.local_aws.request_limits import Body, most
from include.local_aws.testing import Server
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.http import Disconnected
from tests.include.local_aws.raw import Headers, connected, cut_off, request

Unique = Callable[[str], str]
MB = 1 << 20
CBOR = "/service/GraniteServiceVersion20100801/operation/PutMetricData"
FORM = "application/x-www-form-urlencoded"
SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{}/aws4_request, Signature=0"
LIST_MODELS = {"X-Amz-Target": "SageMaker.ListModels"}
TIMELY = 5.0  # seconds; a bomb that is unpacked whole takes more


@functools.cache
def bomb(size: int) -> bytes:
    """Return gzip that grows to *size* bytes."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(b" " * MB) for _ in range(size // MB)), packer.flush()])


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", LIST_MODELS),
        ("/", {"X-Amz-Target": "Logs_20140328.PutLogEvents"}),
        (CBOR, {"Content-Type": "application/cbor"}),
        ("/", {"Content-Type": FORM, "Authorization": SIGNED.format("monitoring")}),
    ],
)
def test_gzip_that_grows_too_large_is_refused_at_once(
    local_aws: Server, path: str, headers: Headers
) -> None:
    packed, body = {**headers, "Content-Encoding": "gzip"}, bomb(300 * MB)
    began = time.monotonic()
    answer = request(local_aws, "POST", path, packed, body)
    assert (answer.status, b"exceeded" in answer.body) == (413, True)
    assert time.monotonic() - began < TIMELY


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": FORM, "Authorization": SIGNED.format("sqs")},
        {"Content-Type": FORM},
        {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
    ],
)
def test_moto_is_given_nothing_to_unpack(local_aws: Server, headers: Headers) -> None:
    packed = {**headers, "Content-Encoding": "gzip"}
    answer = request(local_aws, "POST", "/", packed, bomb(MB))
    assert (answer.status, b"Content-Encoding" in answer.body) == (501, True)


def test_object_may_be_gzip(s3: Any, unique: Unique) -> None:
    bucket, body = unique("packed"), gzip.compress(b"data")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=body, ContentEncoding="gzip")
    item = s3.get_object(Bucket=bucket, Key="k")
    assert (item["Body"].read(), item["ContentEncoding"]) == (body, "gzip")


@pytest.mark.parametrize(
    ("path", "headers", "size"),
    [
        ("/", LIST_MODELS, 6 * MB),
        (CBOR, {"Content-Type": "application/cbor"}, 6 * MB),
        ("/BatchPutMetrics", {}, 6 * MB),
        ("/", {"Content-Type": FORM, "Authorization": SIGNED.format("iam")}, 6 * MB),
        ("/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, 17 * MB),
        ("/_local/faults", {}, 2 * MB),
    ],
)
def test_large_body_is_refused_on_every_route(
    local_aws: Server, path: str, headers: Headers, size: int
) -> None:
    answer = request(local_aws, "POST", path, headers, b" " * size)
    assert answer.status == 413, answer


@pytest.mark.parametrize("body", [b"[" * MB, b'{"a":' * 500_000, b"[" * 300 + b"]" * 300])
def test_deep_json_is_refused(local_aws: Server, body: bytes) -> None:
    answer = request(local_aws, "POST", "/", LIST_MODELS, body)
    assert (answer.status, b"SerializationException" in answer.body) == (400, True)


@pytest.mark.parametrize(
    "body",
    [b"\x81" * 100_000, b"\xa1\x61a" * 100_000, b"\x9b" + b"\xff" * 8, b"\x7b" + b"\xff" * 8],
)
def test_deep_or_boundless_cbor_is_refused(local_aws: Server, body: bytes) -> None:
    began = time.monotonic()
    answer = request(local_aws, "POST", CBOR, {"Content-Type": "application/cbor"}, body)
    assert answer.status == 400
    assert time.monotonic() - began < TIMELY


def test_json_request_that_is_cut_off_is_not_executed(
    local_aws: Server, sagemaker: Any, unique: Unique
) -> None:
    name = unique("cut")
    body = f'{{"ExperimentName": "{name}"}}'.encode()
    cut_off(local_aws, "POST", "/", {"X-Amz-Target": "SageMaker.CreateExperiment"}, body)
    marker = unique("marker")
    sagemaker.create_experiment(ExperimentName=marker)  # all earlier requests have been handled
    listed = sagemaker.list_experiments(MaxResults=100)["ExperimentSummaries"]
    names = {experiment["ExperimentName"] for experiment in listed}
    assert (marker in names, name in names) == (True, False)


@pytest.mark.parametrize("chunked", [False, True])
def test_object_that_is_cut_off_is_not_stored(
    local_aws: Server, s3: Any, unique: Unique, chunked: bool
) -> None:
    bucket = unique("cut")
    s3.create_bucket(Bucket=bucket)
    signed = {"Authorization": SIGNED.format("s3")}
    if chunked:
        headers = {**signed, "Transfer-Encoding": "chunked"}
        with connected(local_aws) as connection:
            lines = [f"{name}: {value}" for name, value in headers.items()]
            host = f"Host: {urlsplit(local_aws.url).netloc}"
            head = "\r\n".join([f"PUT /{bucket}/k HTTP/1.1", host, *lines, "", ""])
            connection.sendall(head.encode() + b"4\r\npart\r\n")
    else:
        cut_off(local_aws, "PUT", f"/{bucket}/k", signed, b"part")
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_fault_that_is_cut_off_is_not_added(local_aws: Server, sagemaker: Any) -> None:
    fault = b'{"operation": "ListModels", "error": "ThrottlingException", "count": 1}'
    cut_off(local_aws, "POST", "/_local/faults", {}, fault)
    assert sagemaker.list_models()["Models"] is not None


def scope(path: str = "/", headers: dict[str, str] | None = None) -> dict[str, Any]:
    fields = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return {"type": "http", "path": path, "headers": fields, "query_string": b""}


@pytest.mark.parametrize(
    ("path", "headers", "limit"),
    [
        ("/bucket/key", {}, 5 << 30),
        ("/bucket/key", {"authorization": SIGNED.format("s3"), "content-type": FORM}, 5 << 30),
        ("/2015-03-31/functions", {"authorization": SIGNED.format("lambda")}, 70 * MB),
        ("/", {"authorization": SIGNED.format("iam"), "content-type": FORM}, 4 * MB),
        ("/", {"x-amz-target": "SageMaker.ListModels"}, 4 * MB),
        ("/", {"x-amz-target": "DynamoDB_20120810.ListTables"}, 16 * MB),
        ("/_local/faults", {}, MB),
    ],
)
def test_most_that_a_body_may_have(path: str, headers: dict[str, str], limit: int) -> None:
    assert most(scope(path, headers)) == limit


def test_slow_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part comes in time; all of them together do not."""
    monkeypatch.setattr(request_limits, "PATIENCE", 0.2)

    async def drip() -> MutableMapping[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def check() -> None:
        body = Body(scope(), drip)
        while True:
            await body.receive()

    with pytest.raises(AwsError, match="was not sent in time") as refused:
        asyncio.run(asyncio.wait_for(check(), 10))
    assert refused.value.status == 408


def test_end_of_the_connection_is_seen_after_the_body() -> None:
    """An endpoint that streams its answer ends with its client."""
    messages: list[dict[str, Any]] = [{"type": "http.disconnect"}, {"type": "http.request"}]

    async def receive() -> MutableMapping[str, Any]:
        return messages.pop()

    async def kinds() -> list[str]:
        body = Body(scope(), receive)
        return [(await body.receive())["type"] for _ in range(2)]

    assert asyncio.run(kinds()) == ["http.request", "http.disconnect"]


def test_client_that_left_ends_the_request() -> None:
    messages = iter([{"type": "http.request", "body": b"x", "more_body": True}])

    async def receive() -> MutableMapping[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def check() -> None:
        body = Body(scope(), receive)
        assert (await body.receive())["body"] == b"x"
        await body.receive()

    with pytest.raises(Disconnected):
        asyncio.run(check())
