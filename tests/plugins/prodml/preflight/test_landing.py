"""The landing in S3: what can be read, what is denied, and what to do then."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.preflight.landing import check_landing

from tests.plugins.prodml.preflight.conftest import Checked, Lines
from tests.root import ROOT

POLICIES = ROOT / "infra" / "policies"


@pytest.fixture
def landing(s3: Any, unique: str) -> str:
    s3.create_bucket(Bucket=unique)
    s3.put_object(Bucket=unique, Key="lake/churn/_SUCCESS", Body=b"")
    s3.put_object(Bucket=unique, Key="lake/churn/2024-01-01.csv", Body=b"a\n1\n")
    return f"s3://{unique}/lake"


def _lines(checked: Checked, landing: str) -> Lines:
    return checked(check_landing, landing=landing, policies=POLICIES)


def test_a_folder_is_not_checked(checked: Checked) -> None:
    assert _lines(checked, ".local/landing") == {}


def test_one_object_is_read(checked: Checked, landing: str) -> None:
    lines = _lines(checked, landing)
    assert lines["landing"] == ("OK", landing)
    assert lines["landing object"] == ("OK", f"{landing}/churn/2024-01-01.csv can be read")
    assert lines["landing for jobs"][0] == "OK"


def test_without_objects_reading_is_unknown(checked: Checked, s3: Any, unique: str) -> None:
    s3.create_bucket(Bucket=unique)
    lines = _lines(checked, f"s3://{unique}/lake")
    assert lines["landing"][0] == "OK"
    assert lines["landing object"][0] == "UNKNOWN"


def test_missing_bucket_is_named(checked: Checked, unique: str) -> None:
    lines = _lines(checked, f"s3://{unique}/lake")
    assert lines == {"landing": ("WRONG", f"bucket {unique} does not exist")}
    own = checked(check_landing, landing=f"s3://{unique}/lake", bucket=unique)
    assert own["landing"][0] == "OK"


@pytest.mark.parametrize(
    ("fault", "line", "sentence"),
    [
        (
            {"operation": "ListObjectsV2", "error": "AccessDenied", "status": 403},
            "landing",
            "listing {} is denied",
        ),
        (
            {"operation": "GetObject", "error": "AccessDenied", "status": 403},
            "landing object",
            "reading {}/churn/2024-01-01.csv is denied",
        ),
        (
            {
                "operation": "GetObject",
                "error": "AccessDenied",
                "status": 403,
                "message": "User is not authorized to perform: kms:Decrypt on this key",
            },
            "landing object",
            "decrypting {}/churn/2024-01-01.csv is denied",
        ),
        (
            {"operation": "GetObject", "error": "InvalidObjectState", "status": 403},
            "landing object",
            "{}/churn/2024-01-01.csv is archived, and jobs cannot read it",
        ),
    ],
    ids=["listing", "reading", "decrypting", "archived"],
)
def test_what_is_denied_is_named(
    server: Any, checked: Checked, landing: str, fault: dict[str, Any], line: str, sentence: str
) -> None:
    with server.faults(fault):
        assert _lines(checked, landing)[line] == ("WRONG", sentence.format(landing))


@pytest.mark.parametrize("operation", ["ListObjectsV2", "GetObject"])
def test_error_that_says_nothing_about_permissions_is_raised(
    operation: str, server: Any, checked: Checked, landing: str
) -> None:
    fault = {"operation": operation, "error": "NoSuchUpload", "status": 400}
    with server.faults(fault), pytest.raises(ClientError, match="NoSuchUpload"):
        _lines(checked, landing)


def test_bucket_of_another_region_is_named(checked: Checked, server: Any, unique: str) -> None:
    there = server.client("s3", region="eu-west-1", s3={"addressing_style": "path"})
    there.create_bucket(
        Bucket=unique, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    lines = _lines(checked, f"s3://{unique}/lake")
    assert lines["landing region"] == ("WRONG", "eu-west-1, not us-east-1")
