"""S3 through the server: moto's responses, stored on disk."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.moto.s3_client import body, keys
from tests.include.local_aws.refusals import refusal


@pytest.mark.parametrize("key", ["plain", "a/b c/d+e=f&g.csv", "ümlaut/ß", "dots/../up", "a//b"])
def test_key_is_kept_letter_by_letter(s3: Any, bucket: str, key: str) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=b"x", Metadata={"who": "me"}, ContentType="text/csv")
    assert keys(s3, bucket) == [key]
    head = s3.head_object(Bucket=bucket, Key=key)
    assert (head["ContentLength"], head["ContentType"]) == (1, "text/csv")
    assert head["Metadata"] == {"who": "me"}
    assert body(s3, bucket, key) == b"x"


def test_empty_object_and_ranges(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert body(s3, bucket, "empty") == b""
    s3.put_object(Bucket=bucket, Key="ten", Body=b"0123456789")
    assert body(s3, bucket, "ten", Range="bytes=2-4") == b"234"


def test_large_file_is_uploaded_and_downloaded_in_parts(
    s3: Any, bucket: str, tmp_path: Path
) -> None:
    source, target = tmp_path / "up", tmp_path / "down"
    source.write_bytes(os.urandom(20 << 20))
    s3.upload_file(str(source), bucket, "large")
    s3.download_file(bucket, "large", str(target))
    assert digest(target) == digest(source)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_missing_object_and_bucket_are_refused(s3: Any, bucket: str) -> None:
    assert refusal(s3.get_object, Bucket=bucket, Key="none")[0] == "NoSuchKey"
    assert refusal(s3.list_objects_v2, Bucket="no-such-bucket-here")[0] == "NoSuchBucket"


@pytest.mark.parametrize(
    ("service", "call", "request_"),
    [
        ("iam", "get_context_keys_for_custom_policy", {"PolicyInputList": ["{}"]}),
        ("sqs", "list_message_move_tasks", {"SourceArn": "arn:aws:sqs:us-east-1:0:q"}),
        ("codestar-connections", "list_connections", {}),
        ("lex-models", "get_bots", {}),
    ],
)
def test_unimplemented_operations_are_refused_cleanly(
    local_aws: Server, service: str, call: str, request_: dict[str, Any]
) -> None:
    """The response is never an HTML page, which clients retry or fail to parse."""
    client = local_aws.client(service)
    code, message = refusal(getattr(client, call), **request_)
    assert code == "NotImplementedException"
    assert f"{client.meta.service_model.signing_name}:" in message


def test_head_of_a_missing_object_is_not_found(s3: Any, bucket: str) -> None:
    """moto answers a HEAD with an HTML content type, which must not make the server refuse it."""
    assert refusal(s3.head_bucket, Bucket="no-such-bucket-here")[0] == "404"
    assert refusal(s3.head_object, Bucket=bucket, Key="none")[0] == "404"


def test_request_that_a_bucket_policy_denies_is_forbidden(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    for call, request in ((s3.get_object, {}), (s3.put_object, {"Body": b"2"})):
        with pytest.raises(s3.exceptions.ClientError) as caught:
            call(Bucket=bucket, Key="k", **request)
        assert caught.value.response["Error"] == {
            "Code": "AccessDenied",
            "Message": "Access Denied",
        }
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert refusal(s3.head_object, Bucket=bucket, Key="k")[0] == "403"
