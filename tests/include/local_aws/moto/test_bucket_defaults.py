"""A new bucket is encrypted and blocks public access."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_new_bucket_is_encrypted_and_private(s3: Any, unique: Callable[[str], str]) -> None:
    bucket = unique("new")
    s3.create_bucket(Bucket=bucket)
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    assert s3.get_object(Bucket=bucket, Key="k")["ServerSideEncryption"] == "AES256"
