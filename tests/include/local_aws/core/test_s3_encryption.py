"""The encryption of SageMaker's objects in S3, with and without a key."""

from __future__ import annotations

import pytest

from include.local_aws.core.s3_encryption import under_key, under_some_key

KEY = "arn:aws:kms:us-east-1:123456789012:key/abc"
UNDER_KEY = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}


def test_a_named_key_encrypts() -> None:
    config = {"S3OutputPath": "s3://bucket/out", "KmsKeyId": KEY}
    assert under_key(config) == under_some_key(config) == UNDER_KEY


@pytest.mark.parametrize("config", [{}, {"KmsKeyId": ""}], ids=["no key", "empty key"])
def test_without_a_key_the_default_of_the_bucket_or_of_the_account_applies(
    config: dict[str, str],
) -> None:
    assert under_key(config) == {}
    assert under_some_key(config) == {"ServerSideEncryption": "aws:kms"}
