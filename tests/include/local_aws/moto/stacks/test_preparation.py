"""A stack with a resource that is not emulated creates nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
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


def test_stack_of_a_change_set_has_outputs(
    local_aws: Server, s3: Any, unique: Callable[[str], str]
) -> None:
    """`aws cloudformation deploy` creates stacks by change sets."""
    cloudformation, name = local_aws.client("cloudformation"), unique("stack")
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}
    template = {"Resources": {"Bucket": bucket}, "Outputs": {"Name": {"Value": {"Ref": "Bucket"}}}}
    names = {"StackName": name, "ChangeSetName": "first"}
    cloudformation.create_change_set(
        **names, ChangeSetType="CREATE", TemplateBody=json.dumps(template)
    )
    cloudformation.execute_change_set(**names)
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert [(o["OutputKey"], o["OutputValue"]) for o in stack["Outputs"]] == [("Name", name)]
