"""A stack with a resource that is not emulated creates nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.moto.stacks.conftest import Stacks
from tests.include.local_aws.refusals import refusal


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Logs::LogGroup",
        "AWS::SageMaker::Model",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::Glue::Job",
    ],
)
def test_other_resource_is_refused(
    stacks: Stacks, s3: Any, unique: Callable[[str], str], kind: str
) -> None:
    bucket = unique("first")
    first = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}
    code, message = refusal(stacks.create, First=first, Second={"Type": kind, "Properties": {}})
    assert code == "ValidationError"
    assert f"{kind} is not emulated in stacks" in message
    assert bucket not in [known["Name"] for known in s3.list_buckets()["Buckets"]]


def test_no_value_is_left_out_of_a_list(
    stacks: Stacks, s3: Any, unique: Callable[[str], str]
) -> None:
    bucket = unique("tagged")
    tags = [{"Key": "team", "Value": "ml"}, {"Ref": "AWS::NoValue"}]
    properties = {"BucketName": bucket, "Tags": tags}
    stacks.create(Bucket={"Type": "AWS::S3::Bucket", "Properties": properties})
    assert {"Key": "team", "Value": "ml"} in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
