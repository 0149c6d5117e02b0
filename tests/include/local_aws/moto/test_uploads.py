"""The encryption of a multipart upload, which its parts do not repeat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto.s3.models import s3_backends

from include.local_aws.moto.uploads import encryption

ACCOUNT, BUCKET = "111111111111", "uploads-in-progress"
KEY = "arn:aws:kms:us-east-1:111111111111:key/abc"


@pytest.fixture(name="s3")
def _s3() -> Iterator[Any]:
    backend = s3_backends[ACCOUNT]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    yield backend
    backend.reset()


def begun(s3: Any, sse: str | None, key: str | None) -> str:
    upload = s3.create_multipart_upload(BUCKET, "object", {}, "STANDARD", {}, None, sse, key)
    return str(upload.id)


@pytest.mark.parametrize(
    ("sse", "key", "headers"),
    [
        (
            "aws:kms",
            KEY,
            {
                "x-amz-server-side-encryption": "aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id": KEY,
            },
        ),
        ("AES256", None, {"x-amz-server-side-encryption": "AES256"}),
        (None, None, {}),
    ],
    ids=["key", "S3's own key", "default"],
)
def test_headers_are_those_of_the_first_request(
    s3: Any, sse: str | None, key: str | None, headers: dict[str, str]
) -> None:
    assert encryption(BUCKET, begun(s3, sse, key)) == headers


def test_an_upload_that_does_not_exist_has_no_headers(s3: Any) -> None:
    upload = begun(s3, "aws:kms", KEY)
    assert encryption(BUCKET, "unknown") == {}
    assert encryption("another-bucket", upload) == {}
