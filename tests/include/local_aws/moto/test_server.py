"""S3 as everybody gets it: moto's answers, our disk."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.testing import Server, running_server
from tests.include.local_aws.refusals import refusal

PATH_STYLE = {"addressing_style": "path"}


@pytest.fixture(name="bucket")
def _bucket(s3: Any) -> str:
    name = f"bucket-{uuid.uuid4().hex[:10]}"
    s3.create_bucket(Bucket=name)
    return name


def body(s3: Any, bucket: str, key: str, **request: Any) -> bytes:
    return bytes(s3.get_object(Bucket=bucket, Key=key, **request)["Body"].read())


def keys(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


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


def test_large_file_goes_up_and_down_in_parts(s3: Any, bucket: str, tmp_path: Path) -> None:
    source, target = tmp_path / "up", tmp_path / "down"
    source.write_bytes(os.urandom(20 << 20))
    s3.upload_file(str(source), bucket, "large")
    s3.download_file(bucket, "large", str(target))
    assert digest(target) == digest(source)


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("0-0", 0, 1), ("1000-2999999", 1000, 3_000_000), ("-5", -5, None), ("2999998-", -2, None)],
)
def test_range_of_a_large_object(s3: Any, bucket: str, asked: str, begin: int, end: int) -> None:
    whole = os.urandom(3_000_000)
    s3.put_object(Bucket=bucket, Key="large", Body=whole)
    assert body(s3, bucket, "large", Range=f"bytes={asked}") == whole[begin:end]
    assert body(s3, bucket, "large", Range="bytes=0-1,5-6") == whole  # as moto has it
    assert body(s3, bucket, "large") == whole


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_listing_versions_leaves_objects_alone(s3: Any, bucket: str) -> None:
    """moto copies keys to list them, and disposes of the copies."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="k", Body=b"one")
    s3.put_object(Bucket=bucket, Key="k", Body=b"two")
    for _ in range(3):
        versions = s3.list_object_versions(Bucket=bucket)["Versions"]
    bodies = [body(s3, bucket, "k", VersionId=version["VersionId"]) for version in versions]
    assert sorted(bodies) == [b"one", b"two"]


def test_copy_outlives_its_source(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"data")
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    s3.delete_object(Bucket=bucket, Key="a")
    assert body(s3, bucket, "b") == b"data"
    assert keys(s3, bucket) == ["b"]


def test_missing_object_and_bucket_are_refused(s3: Any, bucket: str) -> None:
    assert refusal(s3.get_object, Bucket=bucket, Key="none")[0] == "NoSuchKey"
    assert refusal(s3.list_objects_v2, Bucket="no-such-bucket-here")[0] == "NoSuchBucket"


def test_execution_role_exists(local_aws: Server) -> None:
    role = local_aws.client("iam").get_role(RoleName="prodml")["Role"]
    assert role["Arn"] == "arn:aws:iam::000000000000:role/prodml"
    assert local_aws.client("sts").get_caller_identity()["Account"] == "000000000000"


@pytest.mark.parametrize(
    ("service", "call", "request_"),
    [
        ("iam", "get_context_keys_for_custom_policy", {"PolicyInputList": ["{}"]}),
        ("sqs", "list_message_move_tasks", {"SourceArn": "arn:aws:sqs:us-east-1:0:q"}),
        ("codestar-connections", "list_connections", {}),
        ("lex-models", "get_bots", {}),
    ],
)
def test_what_is_missing_is_refused_cleanly(
    local_aws: Server, service: str, call: str, request_: dict[str, Any]
) -> None:
    """Never an HTML page, which clients retry or fail to parse."""
    client = local_aws.client(service)
    code, message = refusal(getattr(client, call), **request_)
    assert code == "NotImplementedException"
    assert f"{client.meta.service_model.signing_name}:" in message


def test_head_of_what_is_missing_is_not_found(s3: Any, bucket: str) -> None:
    """moto answers a HEAD with an HTML content type, which is no reason to refuse it."""
    assert refusal(s3.head_bucket, Bucket="no-such-bucket-here")[0] == "404"
    assert refusal(s3.head_object, Bucket=bucket, Key="none")[0] == "404"


def test_objects_survive_a_kill(tmp_path: Path) -> None:
    """What was acknowledged is there, whatever the moment of the kill."""
    with running_server(tmp_path) as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="kept")
        s3.put_object(Bucket="kept", Key="old", Body=b"old")
        s3.put_object(Bucket="kept", Key="changed", Body=b"before")
        s3.put_object(Bucket="kept", Key="changed", Body=b"after", Metadata={"a": "b"})
        s3.delete_object(Bucket="kept", Key="old")
        s3.put_object(Bucket="kept", Key="last", Body=b"last")
        server.kill()
    with running_server(tmp_path) as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        assert keys(s3, "kept") == ["changed", "last"]
        assert body(s3, "kept", "changed") == b"after"
        assert s3.head_object(Bucket="kept", Key="changed")["Metadata"] == {"a": "b"}
        assert len(list((tmp_path / "s3" / "objects").iterdir())) == 2


def test_data_directory_may_be_moved(tmp_path: Path) -> None:
    with running_server(tmp_path / "a") as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="moved")
        s3.put_object(Bucket="moved", Key="k", Body=b"data")
    (tmp_path / "a").rename(tmp_path / "b")
    with running_server(tmp_path / "b") as server:
        assert body(server.client("s3", s3=PATH_STYLE), "moved", "k") == b"data"
