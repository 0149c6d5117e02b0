"""Buckets and keys that requests name: the guard and moto must agree on them."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.s3_requests import addressed, parsed
from include.local_aws.wire.errors import AwsError


def parameters(
    method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> dict[str, Any]:
    path, _, query = path.partition("?")
    scope = {"method": method, "path": path, "query_string": query.encode()}
    return parsed(scope, {"host": "127.0.0.1:4566"} | (headers or {}), body)[1]


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1:4566", "/victim/key"),
        ("[::1]:4566", "/victim/key"),
        ("localhost:4566", "/victim/key"),
        ("localhost", "/victim/key"),
        ("localstack.localhost:4566", "/victim/key"),
        ("127.0.0.1.localhost:4566", "/victim/key"),
        ("host.docker.internal:4566", "/victim/key"),
        ("aws.prod.svc.cluster.local:4566", "/victim/key"),
        ("local-aws:4566", "/victim/key"),
        ("s3.eu-west-1.amazonaws.com", "/victim/key"),
        ("mine.localhost:4566", "/mine/victim/key"),
        ("www.mine.localhost:4566", "/mine/victim/key"),
        ("mine.s3.amazonaws.com", "/mine/victim/key"),
        ("a.b.s3.eu-west-1.amazonaws.com", "/a.b/victim/key"),
    ],
)
def test_bucket_is_read_from_the_host_as_moto_reads_it(host: str, path: str) -> None:
    assert addressed("/victim/key", host) == path


@pytest.mark.parametrize(
    ("source", "expected", "version"),
    [
        ("mine/a%20b", "mine/a b", ""),
        ("/mine/a?versionId=1", "mine/a", "1"),
        ("victim/b?x=,mine/a", "victim/b", ""),
        ("//mine/victim/b", "victim/b", ""),
        ("mine:/victim/b", "victim/b", ""),
        ("victim/b;c", "victim/b", ""),
        ("victim/b#c", "victim/b", ""),
    ],
)
def test_source_of_a_copy_is_read_as_moto_reads_it(
    source: str, expected: str, version: str
) -> None:
    given = parameters("PUT", "/mine/c", {"x-amz-copy-source": source})
    assert (given["CopySource"], given["CopyVersion"]) == (expected, version)


def test_batch_delete_names_its_versions_and_the_spaces_of_its_keys() -> None:
    entries = (
        "<Object><Key> a </Key></Object><Object><Key>b</Key><VersionId>1</VersionId></Object>"
        "<Object><Key>c</Key><VersionId/></Object>"
    )
    given = parameters("POST", "/mine?delete", body=f"<Delete>{entries}</Delete>".encode())
    assert (given["Keys"], given["VersionKeys"]) == ([" a ", "c"], ["b"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"2e\r\n<Delete><Object><Key>a</Key></Object></Delete>\r\n0\r\n\r\n",
        b"<Delete><Quiet>true</Quiet></Delete>",
        b"<Delete><Object><VersionId>1</VersionId></Object></Delete>",
        b"<Delete><Object>a</Object></Delete>",
        b"<Delete><Object/></Delete>",
    ],
    ids=["empty", "chunks", "no-object", "no-key", "text", "nothing"],
)
def test_batch_delete_that_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        parameters("POST", "/mine?delete", body=body)
    assert refused.value.code == "MalformedXML"
