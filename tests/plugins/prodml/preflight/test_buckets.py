"""The bucket, right and wrong."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.company_rules import CompanyRules
from prodml.preflight.buckets import check_bucket

from tests.plugins.prodml.preflight.conftest import Checked
from tests.plugins.rules import KEY


@pytest.fixture
def new_bucket(s3: Any, unique: str) -> str:
    s3.create_bucket(Bucket=unique)
    return unique


def test_private_encrypted_bucket(checked: Checked, new_bucket: str) -> None:
    assert checked(check_bucket, bucket=new_bucket) == {
        "bucket": ("OK", new_bucket),
        "bucket region": ("OK", "us-east-1"),
        "bucket encryption": ("OK", "AES256"),
        "bucket public access": ("OK", "blocked"),
    }


def test_missing_bucket_is_created_later(checked: Checked, unique: str) -> None:
    lines = checked(check_bucket, bucket=unique)
    assert lines == {"bucket": ("OK", f"{unique} does not exist; initialize_project creates it")}


def test_bucket_of_another_account(server: Any, checked: Checked, new_bucket: str) -> None:
    with server.faults({"operation": "HeadBucket", "error": "AccessDenied", "status": 403}):
        lines = checked(check_bucket, bucket=new_bucket)
    assert lines == {"bucket": ("WRONG", f"{new_bucket} exists, and access is denied")}


def test_bucket_of_another_region(server: Any, checked: Checked, unique: str) -> None:
    s3 = server.client("s3", region="eu-west-1", s3={"addressing_style": "path"})
    s3.create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    lines = checked(check_bucket, bucket=unique)
    assert lines["bucket region"] == ("WRONG", "eu-west-1, not us-east-1")


def test_bucket_without_encryption(s3: Any, checked: Checked, new_bucket: str) -> None:
    s3.delete_bucket_encryption(Bucket=new_bucket)
    lines = checked(check_bucket, bucket=new_bucket)
    assert lines["bucket encryption"] == ("WRONG", "none")


def test_bucket_with_the_companys_key(s3: Any, checked: Checked, new_bucket: str) -> None:
    rules = CompanyRules(output_kms_key=KEY.rpartition("/")[2])
    lines = checked(check_bucket, bucket=new_bucket, rules=rules)
    assert lines["bucket encryption"] == ("WRONG", f"AES256, not {rules.output_kms_key}")

    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    s3.put_bucket_encryption(
        Bucket=new_bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    lines = checked(check_bucket, bucket=new_bucket, rules=rules)
    assert lines["bucket encryption"] == ("OK", f"aws:kms {KEY}")


def test_public_bucket(s3: Any, checked: Checked, new_bucket: str) -> None:
    s3.delete_public_access_block(Bucket=new_bucket)
    state, value = checked(check_bucket, bucket=new_bucket)["bucket public access"]
    assert state == "WRONG"
    assert value.startswith("not blocked: BlockPublicAcls, ")
