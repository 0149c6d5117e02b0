from __future__ import annotations

import asyncio
import base64
import json
import re
import threading
import time
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime import capture as capture_module
from include.local_aws.sagemaker.runtime.capture import Capture, CapturePlan
from include.local_aws.sagemaker.runtime.connections import Response
from tests.include.local_aws.jobs import KMS_KEY
from tests.include.local_aws.models import Platform, variant

CSV = {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}
KEY = re.compile(
    r"capture/[^/]+/AllTraffic/\d{4}/\d\d/\d\d/\d\d/\d\d-\d\d-\d{3}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-"
    r"[0-9a-f]{12}\.jsonl"
)


def _capturing(platform: Platform, prefix: str, **members: Any) -> str:
    config = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{platform.bucket}/{prefix}",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": CSV,
    }
    return platform.serving(variant(platform.model()), DataCaptureConfig=config | members)


def _captured(platform: Platform, prefix: str, name: str, count: int) -> list[dict[str, Any]]:
    """Return the records of an endpoint, once there are *count*."""
    deadline = time.monotonic() + 15
    records: list[dict[str, Any]] = []
    while len(records) < count and time.monotonic() < deadline:
        time.sleep(0.1)
        records = []
        for key in _keys(platform, f"{prefix}/{name}/"):
            body = platform.s3.get_object(Bucket=platform.bucket, Key=key)["Body"].read()
            records += [json.loads(line) for line in body.decode().splitlines()]
    return records


def _keys(platform: Platform, prefix: str) -> list[str]:
    listed = platform.s3.list_objects_v2(Bucket=platform.bucket, Prefix=prefix)
    return [item["Key"] for item in listed.get("Contents", [])]


def test_record_has_request_and_response(platform: Platform) -> None:
    name = _capturing(platform, "capture", KmsKeyId=KMS_KEY)
    platform.invoke(name, "1,2.5", InferenceId="order-7", CustomAttributes="trace=9")
    (record,) = _captured(platform, "capture", name, 1)
    data, event = record["captureData"], record["eventMetadata"]
    assert data["endpointInput"] == {
        "observedContentType": "text/csv",
        "mode": "INPUT",
        "data": "1,2.5",
        "encoding": "CSV",
    }
    assert data["endpointOutput"]["data"] == "1,2.5"
    assert data["endpointOutput"]["mode"] == "OUTPUT"
    assert event["inferenceId"] == "order-7"
    assert event["customAttributes"] == ["trace=9"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["inferenceTime"])
    assert record["eventVersion"] == "0"
    (key,) = _keys(platform, f"capture/{name}/")
    assert KEY.fullmatch(key)
    assert platform.s3.head_object(Bucket=platform.bucket, Key=key)["SSEKMSKeyId"] == KMS_KEY


def test_json_is_unchanged(platform: Platform) -> None:
    name = _capturing(platform, "json")
    document = '{"instances": [[1, 2]]}'
    platform.runtime.invoke_endpoint(
        EndpointName=name, Body=document, ContentType="application/json; charset=utf-8"
    )
    (record,) = _captured(platform, "json", name, 1)
    side = record["captureData"]["endpointInput"]
    assert (side["encoding"], side["data"]) == ("JSON", document)
    assert side["observedContentType"] == "application/json; charset=utf-8"


def test_types_that_are_not_named_are_base64(platform: Platform) -> None:
    name = _capturing(platform, "plain", CaptureContentTypeHeader={"CsvContentTypes": ["text/x"]})
    platform.invoke(name, "1,2")
    (record,) = _captured(platform, "plain", name, 1)
    side = record["captureData"]["endpointInput"]
    assert (side["encoding"], base64.b64decode(side["data"])) == ("BASE64", b"1,2")


def test_only_the_configured_side_is_captured(platform: Platform) -> None:
    name = _capturing(platform, "side", CaptureOptions=[{"CaptureMode": "Output"}])
    platform.invoke(name, "1,2")
    (record,) = _captured(platform, "side", name, 1)
    assert list(record["captureData"]) == ["endpointOutput"]


def test_sample_is_the_configured_share(platform: Platform) -> None:
    name = _capturing(platform, "sample", InitialSamplingPercentage=50)
    for number in range(200):
        platform.invoke(name, str(number))
    platform.sagemaker.delete_endpoint(EndpointName=name)
    platform.sagemaker.get_waiter("endpoint_deleted").wait(
        EndpointName=name, WaiterConfig={"Delay": 1}
    )
    assert 60 < len(_captured(platform, "sample", name, 1)) < 140


def test_failures_of_the_model_are_not_captured(platform: Platform) -> None:
    name = _capturing(platform, "failures")
    for body in ("fail x", "fine"):
        try:
            platform.invoke(name, body)
        except platform.runtime.exceptions.ModelError:
            continue
    (record,) = _captured(platform, "failures", name, 1)
    assert record["captureData"]["endpointInput"]["data"] == "fine"


class _Bucket:
    """Takes objects; the first *failures* of its answers get lost after the object is stored."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.objects: dict[str, str] = {}
        self.puts = 0
        self.began, self.answer = threading.Event(), threading.Event()
        self.answer.set()

    def put_object(self, **request: Any) -> None:
        self.puts += 1
        self.objects[request["Key"]] = request["Body"].decode()
        self.began.set()
        self.answer.wait(10)
        if self.puts <= self.failures:
            raise ConnectionError("The answer was lost.")

    def outputs(self) -> list[list[str]]:
        """Return the captured responses of each object."""
        return [
            [json.loads(line)["captureData"]["endpointOutput"]["data"] for line in text.split()]
            for text in self.objects.values()
        ]


def _capture(aws: Aws, bucket: _Bucket) -> Capture:
    aws._clients["s3", aws.credentials.of_role(aws.account, "").key_id, ""] = bucket
    return Capture(aws)


PLAN = CapturePlan.of(
    {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://bucket/capture",
        "CaptureOptions": [{"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": CSV,
    },
    role="",
)


def _note(capture: Capture, body: bytes, kind: bytes = b"text/csv") -> None:
    response = Response(200, [(b"content-type", kind)], body)
    capture.note(("churn", "AllTraffic"), PLAN, {}, b"1", response)


def test_records_of_a_failed_write_are_stored_once_with_newer_ones(aws: Aws) -> None:
    """Keep a record that arrives during the write too."""
    bucket = _Bucket(failures=1)
    bucket.answer.clear()
    capture = _capture(aws, bucket)

    async def check() -> None:
        _note(capture, b"1")
        writing = asyncio.gather(capture.flush(), capture.flush("churn"))
        await asyncio.to_thread(bucket.began.wait, 10)
        _note(capture, b"2")
        bucket.answer.set()
        await writing
        await capture.flush("another")
        assert bucket.puts == 1
        await capture.flush("churn")

    asyncio.run(check())
    assert bucket.outputs() == [["1", "2"]]


def test_write_that_the_servers_end_interrupts_is_repeated(aws: Aws) -> None:
    bucket = _Bucket()
    bucket.answer.clear()
    capture = _capture(aws, bucket)

    async def interrupt() -> None:
        _note(capture, b"1")
        writing = asyncio.create_task(capture.flush())
        await asyncio.to_thread(bucket.began.wait, 10)
        bucket.objects.clear()  # as if S3 had ended first
        writing.cancel()
        await asyncio.wait({writing})
        bucket.answer.set()
        capture.save()

    asyncio.run(interrupt())
    restarted = Capture(aws)
    restarted.load()
    asyncio.run(restarted.flush())
    assert bucket.outputs() == [["1"]]


def test_records_above_the_limit_are_dropped(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drop those too that arrive while a write fails, which would add up with each attempt."""
    monkeypatch.setattr(capture_module, "MOST_PENDING", 1)
    bucket = _Bucket(failures=3)
    capture = _capture(aws, bucket)

    async def check() -> None:
        for body in (b"1", b"2", b"3", b"4"):
            bucket.began.clear()
            bucket.answer.clear()
            _note(capture, body)
            writing = asyncio.create_task(capture.flush())
            await asyncio.to_thread(bucket.began.wait, 10)
            _note(capture, body * 2)
            bucket.answer.set()
            await writing

    asyncio.run(check())
    assert bucket.outputs() == [["1"]]


def test_text_that_is_not_utf_8_is_base64(aws: Aws) -> None:
    assert PLAN is not None
    side = PLAN.side("OUTPUT", b"text/csv", b"\xff")
    assert (side["encoding"], base64.b64decode(side["data"])) == ("BASE64", b"\xff")
