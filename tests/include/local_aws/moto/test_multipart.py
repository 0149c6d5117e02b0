"""Multipart uploads: joined on the disk, with the answers that S3 gives."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

FIVE = 5 << 20  # bytes; all parts but the last have as many


@pytest.fixture(scope="module", name="bucket")
def _bucket(s3: Any) -> str:
    s3.create_bucket(Bucket="multipart")
    return "multipart"


def begun(s3: Any, bucket: str, key: str, **members: Any) -> dict[str, str]:
    made = s3.create_multipart_upload(Bucket=bucket, Key=key, **members)
    return {"Bucket": bucket, "Key": key, "UploadId": made["UploadId"]}


def put(s3: Any, upload: dict[str, str], number: int, body: bytes) -> dict[str, Any]:
    part = s3.upload_part(**upload, PartNumber=number, Body=body)
    return {"PartNumber": number, "ETag": part["ETag"]}


@pytest.mark.parametrize("kind", ["FULL_OBJECT", "COMPOSITE"])
def test_parts_become_one_object(s3: Any, bucket: str, kind: str) -> None:
    """Parts can be sent in any order; ETag and checksum are those of S3."""
    bodies = {2: os.urandom(FIVE), 7: os.urandom(FIVE), 9: b"the end"}
    upload = begun(s3, bucket, kind, ChecksumAlgorithm="CRC32", ChecksumType=kind)
    parts = [put(s3, upload, number, bodies[number]) for number in (9, 2, 7)]
    ordered = sorted(parts, key=lambda part: int(part["PartNumber"]))
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": ordered})
    whole = b"".join(bodies.values())
    digests = b"".join(hashlib.md5(body).digest() for body in bodies.values())
    assert done["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-3"'
    assert s3.get_object(Bucket=bucket, Key=kind)["Body"].read() == whole
    crcs = b"".join(binascii.crc32(body).to_bytes(4, "big") for body in bodies.values())
    summed = whole if kind == "FULL_OBJECT" else crcs
    expected = base64.b64encode(binascii.crc32(summed).to_bytes(4, "big")).decode()
    named = {"Bucket": bucket, "Key": kind, "ChecksumMode": "ENABLED"}
    suffix = "" if kind == "FULL_OBJECT" else "-3"
    for answer in (s3.head_object(**named), s3.get_object(**named)):
        assert (answer["ChecksumCRC32"], answer["ChecksumType"]) == (f"{expected}{suffix}", kind)


def test_wrong_parts_are_refused(s3: Any, bucket: str) -> None:
    upload = begun(s3, bucket, "wrong")
    small, last = put(s3, upload, 1, b"small"), put(s3, upload, 2, b"last")
    for parts, expected in (
        ([small | {"ETag": last["ETag"]}], "InvalidPart"),
        ([small, last], "EntityTooSmall"),
        ([small | {"PartNumber": 3}], "InvalidPart"),
    ):
        code, _ = refusal(s3.complete_multipart_upload, **upload, MultipartUpload={"Parts": parts})
        assert code == expected
