from __future__ import annotations

import base64

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime import async_requests
from include.local_aws.wire.errors import AwsError

CONFIG = {"OutputConfig": {"S3OutputPath": "s3://b/out/", "S3FailurePath": "s3://b/failed"}}
INPUT = {b"x-amzn-sagemaker-inputlocation": b"s3://b/in.csv"}


def test_request_gets_its_places_and_waits_in_the_store(aws: Aws) -> None:
    doc = async_requests.accept(aws, "churn", CONFIG, INPUT, b"")
    assert doc["OutputLocation"] == f"s3://b/out/{doc['Token']}.out"
    assert doc["FailureLocation"] == f"s3://b/failed/{doc['Token']}-error.out"
    assert (doc["RequestTTLSeconds"], doc["InvocationTimeoutSeconds"]) == (21600, 900)
    assert aws.store.list(async_requests.KIND) == [doc]


def test_body_is_kept_byte_by_byte(aws: Aws) -> None:
    doc = async_requests.accept(aws, "churn", CONFIG, {}, b"\x00\xff")
    assert base64.b64decode(doc["Body"]) == b"\x00\xff"


def test_model_sees_the_fields_of_the_request(aws: Aws) -> None:
    given = INPUT | {b"x-amzn-sagemaker-content-type": b"text/csv"}
    given |= {b"x-amzn-sagemaker-inference-id": b"a-1"}
    doc = async_requests.accept(aws, "churn", CONFIG, given, b"")
    seen = dict(async_requests.model_headers(doc))
    assert seen == {b"content-type": b"text/csv", b"x-amzn-sagemaker-inference-id": b"a-1"}


@pytest.mark.parametrize(
    ("given", "body", "message"),
    [
        ({}, b"", "Exactly one of InputLocation and Body"),
        (INPUT, b"1", "Exactly one of InputLocation and Body"),
        ({}, b"1" * 128_001, "Upload it to S3 and set InputLocation"),
        (
            INPUT | {b"x-amzn-sagemaker-requestttlseconds": b"soon"},
            b"",
            "RequestTTLSeconds 'soon' is not an integer",
        ),
    ],
)
def test_wrong_request_is_refused_and_not_stored(
    aws: Aws, given: dict[bytes, bytes], body: bytes, message: str
) -> None:
    with pytest.raises(AwsError, match=message) as caught:
        async_requests.accept(aws, "churn", CONFIG, given, body)
    assert caught.value.code == "ValidationError"
    assert aws.store.list(async_requests.KIND) == []


def test_request_that_the_disk_does_not_take_is_refused(aws: Aws) -> None:
    aws.store.query("PRAGMA query_only = ON")
    with pytest.raises(AwsError, match="InvokeEndpointAsync could not be done") as caught:
        async_requests.accept(aws, "churn", CONFIG, INPUT, b"")
    assert (caught.value.code, caught.value.status) == ("ServiceUnavailable", 503)
