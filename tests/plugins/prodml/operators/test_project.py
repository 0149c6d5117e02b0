"""The ground is laid once, and laying it again changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.aws import retries
from prodml.exceptions import RequestRefusedError
from prodml.operators.project import (
    EnsureBucketOperator,
    EnsureExperimentOperator,
    EnsureModelPackageGroupOperator,
)

from tests.plugins.rules import KEY, TAG
from tests.plugins.runs import Ti, run

ONCE = {"retries": {"total_max_attempts": 1}}  # boto3 repeats nothing


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_bucket_is_made_in_the_region_of_the_connection(
    region: str, unique: str, s3: Any, ti: Ti
) -> None:
    operators = [
        EnsureBucketOperator(task_id="bucket", bucket=unique, region_name=region) for _ in "ab"
    ]
    assert [run(operator, ti)["created"] for operator in operators] == [True, False]
    assert s3.head_bucket(Bucket=unique)["BucketRegion"] == region


def test_a_new_bucket_follows_the_companys_rules(
    company: None, unique: str, s3: Any, ti: Ti
) -> None:
    run(EnsureBucketOperator(task_id="bucket", bucket=unique), ti)
    encryption = s3.get_bucket_encryption(Bucket=unique)["ServerSideEncryptionConfiguration"]
    assert encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == KEY
    assert s3.get_bucket_tagging(Bucket=unique)["TagSet"] == [TAG]


def test_an_experiment_and_a_group_are_made_once(unique: str, ti: Ti) -> None:
    experiment = EnsureExperimentOperator(task_id="e", experiment=unique, description="Why?")
    group = EnsureModelPackageGroupOperator(task_id="g", group=unique)
    for operator in (experiment, group):
        assert [run(operator, ti)["created"] for _ in "ab"] == [True, False]


def test_bucket_of_another_account_is_refused(server: Any, unique: str, ti: Ti) -> None:
    operator = EnsureBucketOperator(task_id="bucket", bucket=unique)
    denied = {"operation": "HeadBucket", "error": "AccessDenied", "status": 403}
    with server.faults(denied), pytest.raises(RequestRefusedError, match="choose another one"):
        run(operator, ti)


def test_a_bucket_is_not_foreign_because_s3_throttles(
    server: Any, unique: str, ti: Ti, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "backoff", lambda *_, **__: 0.0)
    operator = EnsureBucketOperator(task_id="bucket", bucket=unique, botocore_config=ONCE)
    busy = [
        {"operation": operation, "error": "SlowDown", "count": 2}
        for operation in ("HeadBucket", "CreateBucket")
    ]
    with server.faults(*busy):
        assert run(operator, ti)["created"]
