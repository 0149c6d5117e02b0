"""Checksums of objects: the type that S3 states, and that of a copy."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

import boto3.s3.transfer
import pytest

from include.local_aws.moto.checksums import digest

HALF = 5 << 20  # bytes of a part


def crc32(body: bytes) -> str:
    return base64.b64encode(binascii.crc32(body).to_bytes(4, "big")).decode()


def checked(s3: Any, bucket: str, key: str) -> tuple[str, str]:
    head = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    return head["ChecksumCRC32"], head["ChecksumType"]


def test_a_copy_of_parts_has_the_checksum_of_the_whole(s3: Any, bucket: str, tmp_path: Any) -> None:
    """The SDK uploads a large file in parts, whose checksums say nothing of the content."""
    body, file = b"01" * HALF, tmp_path / "large"
    file.write_bytes(body)
    parts = boto3.s3.transfer.TransferConfig(multipart_threshold=HALF, multipart_chunksize=HALF)
    extra = {"ChecksumAlgorithm": "CRC32"}
    s3.upload_file(str(file), bucket, "parts", ExtraArgs=extra, Config=parts)
    value, kind = checked(s3, bucket, "parts")
    assert (value.endswith("-2"), kind) == (True, "COMPOSITE")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/parts")
    assert checked(s3, bucket, "copy") == (crc32(body), "FULL_OBJECT")


@pytest.mark.parametrize("algorithm", ["SHA1", "SHA256", "CRC32"])
def test_checksum_of_blocks_is_that_of_their_content(algorithm: str) -> None:
    known = {
        "SHA1": hashlib.sha1(b"two blocks").digest(),
        "SHA256": hashlib.sha256(b"two blocks").digest(),
        "CRC32": binascii.crc32(b"two blocks").to_bytes(4, "big"),
    }
    assert digest([b"two ", b"blocks"], algorithm) == known[algorithm]


def test_an_object_of_one_part_has_the_checksum_of_its_content(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="one", Body=b"one", ChecksumAlgorithm="CRC32")
    assert checked(s3, bucket, "one") == (crc32(b"one"), "FULL_OBJECT")
