from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

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
