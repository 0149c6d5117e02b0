from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.asked import Asked
from include.local_aws.iam.key_actions import decryption, key_actions, key_arn
from include.local_aws.iam.resources import Place

ACCOUNT = "000000000000"
ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0a1b"
KNOWN = {("bucket", "sealed"): "0a1b", ("endpoint-config", "sealed"): ARN}
PLACE = Place(
    ACCOUNT,
    "us-east-1",
    lambda kind, name: ARN if (kind, name) == ("key", "alias/own") else None,
    lambda kind, name: KNOWN.get((kind, name)),
)


def upload(operation: str, bucket: str = "open", **headers: str) -> Asked:
    named = {f"x-amz-{name.replace('_', '-')}": value for name, value in headers.items()}
    return Asked("s3", operation, {"Bucket": bucket, "Key": "a", "headers": named})


def keyed(key: str) -> dict[str, str]:
    names = ("server_side_encryption", "server_side_encryption_aws_kms_key_id")
    return dict(zip(names, ("aws:kms", key), strict=True))


CASES: dict[str, tuple[Asked, list[tuple[str, str]]]] = {
    "no key": (upload("PutObject"), []),
    "S3's own encryption": (upload("PutObject", "sealed", server_side_encryption="AES256"), []),
    "AWS's key": (upload("PutObject", **keyed("alias/aws/s3")), []),
    "an id": (upload("PutObject", **keyed("0a1b")), [("kms:GenerateDataKey", ARN)]),
    "an alias": (upload("CopyObject", **keyed("alias/own")), [("kms:GenerateDataKey", ARN)]),
    "the bucket's key": (upload("PutObject", "sealed"), [("kms:GenerateDataKey", ARN)]),
    "a large object": (
        upload("CreateMultipartUpload", **keyed(ARN)),
        [("kms:GenerateDataKey", ARN), ("kms:Decrypt", ARN)],
    ),
    "an endpoint": (
        Asked("sagemaker", "CreateEndpoint", {"EndpointConfigName": "sealed"}),
        [("kms:CreateGrant", ARN)],
    ),
    "an endpoint without a key": (
        Asked("sagemaker", "UpdateEndpoint", {"EndpointConfigName": "open"}),
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_requests_need_the_keys_that_they_name(case: str) -> None:
    asked, expected = CASES[case]
    assert [(action, key) for action, key, _ in key_actions(asked, PLACE)] == expected


def test_key_is_used_via_the_service_for_one_object() -> None:
    ((_, _, keys),) = key_actions(upload("PutObject", **keyed(ARN)), PLACE)
    assert keys["kms:viaservice"] == ("s3.us-east-1.amazonaws.com",)
    assert keys["kms:encryptioncontext:aws:s3:arn"] == ("arn:aws:s3:::open/a",)


READS: dict[str, tuple[Asked, bool]] = {
    "GetObject": (upload("GetObject"), True),
    "HeadObject": (upload("HeadObject"), False),
    "HeadObject with its checksum": (upload("HeadObject", checksum_mode="ENABLED"), True),
}


@pytest.mark.parametrize("case", READS)
def test_reading_content_needs_the_key_of_the_object(case: str) -> None:
    asked, needed = READS[case]
    sealed: dict[str, Any] = {"x-amz-server-side-encryption-aws-kms-key-id": ARN}
    assert (decryption(asked, sealed, PLACE) is not None) is needed
    assert decryption(asked, {}, PLACE) is None


def test_unknown_alias_stays_an_alias() -> None:
    assert key_arn("alias/gone", PLACE) == f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/gone"
