"""Buckets of stacks have the properties of the template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.moto.stacks.conftest import Stacks
from tests.include.local_aws.refusals import refusal

BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def _bucket(name: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name} | properties}


def test_properties_are_set(stacks: Stacks, s3: Any, unique: Callable[[str], str]) -> None:
    bucket = unique("complete")
    old = {"Id": "old", "Status": "Enabled", "Prefix": "tmp/", "ExpirationInDays": 3}
    uploads = {
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
    }
    stacks.create(
        Bucket=_bucket(
            bucket,
            VersioningConfiguration={"Status": "Enabled"},
            PublicAccessBlockConfiguration=BLOCKED,
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            LifecycleConfiguration={"Rules": [old, uploads]},
        )
    )
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == BLOCKED
    (ownership,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert ownership == {"ObjectOwnership": "BucketOwnerEnforced"}
    first, second = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (first["ID"], first["Expiration"]["Days"]) == ("old", 3)
    assert first["Filter"] == {"Prefix": "tmp/"}
    assert second["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert second["NoncurrentVersionExpiration"]["NoncurrentDays"] == 90


def test_update_changes_properties(stacks: Stacks, s3: Any, unique: Callable[[str], str]) -> None:
    bucket = unique("changed")
    stacks.create(Bucket=_bucket(bucket))
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    stacks.update(Bucket=_bucket(bucket, VersioningConfiguration={"Status": "Enabled"}))
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"ReplicationConfiguration": {}}, "ReplicationConfiguration"),
        (
            {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "Transitions": []}]}},
            "LifecycleConfiguration.Transitions",
        ),
    ],
)
def test_ignored_property_is_refused(
    stacks: Stacks, unique: Callable[[str], str], properties: dict[str, Any], named: str
) -> None:
    code, message = refusal(stacks.create, Bucket=_bucket(unique("refused"), **properties))
    assert code == "ValidationError"
    assert f"{named} of AWS::S3::Bucket is not emulated in stacks" in message
