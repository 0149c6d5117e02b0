"""Model package groups of stacks are in the registry."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.include.local_aws.moto.stacks.conftest import Stacks
from tests.include.local_aws.refusals import refusal


def _group(name: str, action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    properties = {
        "ModelPackageGroupName": name,
        "ModelPackageGroupDescription": "Versions",
        "ModelPackageGroupPolicy": {"Version": "2012-10-17", "Statement": [statement]},
        "Tags": [{"Key": "team", "Value": "ml"}],
    }
    return {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": properties}


def test_group_is_in_the_registry(
    sagemaker: Any, s3: Any, stacks: Stacks, unique: Callable[[str], str]
) -> None:
    name, bucket = unique("group"), unique("bucket")
    arn = {"Fn::GetAtt": ["Group", "ModelPackageGroupArn"]}
    properties = {"BucketName": bucket, "Tags": [{"Key": "group", "Value": arn}]}
    stacks.create(
        Group=_group(name, "sagemaker:ListModelPackages"),
        Bucket={"Type": "AWS::S3::Bucket", "Properties": properties},
    )
    group = sagemaker.describe_model_package_group(ModelPackageGroupName=name)
    assert group["ModelPackageGroupDescription"] == "Versions"
    assert stacks.physical_id("Group") == group["ModelPackageGroupArn"]
    tags = sagemaker.list_tags(ResourceArn=group["ModelPackageGroupArn"])["Tags"]
    assert {"Key": "team", "Value": "ml"} in tags
    assert _action(sagemaker, name) == "sagemaker:ListModelPackages"
    tagged = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert tagged == [{"Key": "group", "Value": group["ModelPackageGroupArn"]}]

    stacks.update(Group=_group(name, "sagemaker:DescribeModelPackage"))
    assert _action(sagemaker, name) == "sagemaker:DescribeModelPackage"

    stacks.delete()
    _, message = refusal(sagemaker.describe_model_package_group, ModelPackageGroupName=name)
    assert "does not exist" in message


def _action(sagemaker: Any, group: str) -> str:
    policy = sagemaker.get_model_package_group_policy(ModelPackageGroupName=group)
    return str(json.loads(policy["ResourcePolicy"])["Statement"][0]["Action"])


def test_existing_group_fails_the_stack(
    sagemaker: Any, stacks: Stacks, unique: Callable[[str], str]
) -> None:
    name = unique("group")
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    code, message = refusal(stacks.create, Group=_group(name, "sagemaker:*"))
    assert code == "ValidationError"
    assert "already exists" in message
