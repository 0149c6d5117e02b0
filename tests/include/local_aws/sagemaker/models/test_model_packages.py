from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.containers.images import digest_of
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.models.test_models import IMAGE, ROLE

Unique = Callable[[str], str]


@pytest.fixture(name="group")
def _group(sagemaker: Any, unique: Unique) -> str:
    name = unique("Group")
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    return name


def register(sagemaker: Any, group: str, **members: Any) -> str:
    specification = {
        "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://bucket/model.tar.gz"}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    request = {"ModelPackageGroupName": group, "InferenceSpecification": specification}
    return str(sagemaker.create_model_package(**request, **members)["ModelPackageArn"])


def test_a_version_has_the_digest_of_its_image(sagemaker: Any, group: str) -> None:
    described = sagemaker.describe_model_package(ModelPackageName=register(sagemaker, group))
    (container,) = described["InferenceSpecification"]["Containers"]
    assert container["Image"] == IMAGE
    assert container["ImageDigest"] == digest_of(IMAGE)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", container["ImageDigest"])


def test_versions_are_numbered_in_their_group(sagemaker: Any, group: str) -> None:
    arns = [register(sagemaker, group) for _ in range(3)]
    assert [arn.rpartition("/")[2] for arn in arns] == ["1", "2", "3"]
    described = sagemaker.describe_model_package(ModelPackageName=arns[1])
    assert described["ModelPackageVersion"] == 2
    assert described["ModelPackageGroupName"] == group
    assert described["ModelPackageStatus"] == "Completed"
    assert described["ModelApprovalStatus"] == "PendingManualApproval"


def test_a_package_outside_of_groups_needs_no_approval(sagemaker: Any, unique: Unique) -> None:
    name = unique("alone")
    specification = {
        "Containers": [{"Image": IMAGE}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    request = {"ModelPackageName": name, "InferenceSpecification": specification}
    arn = sagemaker.create_model_package(**request)["ModelPackageArn"]
    assert arn.endswith(f":model-package/{name}")
    described = sagemaker.describe_model_package(ModelPackageName=name)
    assert described["ModelPackageArn"] == arn
    assert not {"ModelApprovalStatus", "ModelPackageVersion"} & described.keys()
    container = {"ModelPackageName": arn}
    sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    assert refusal(sagemaker.create_model_package, **request)[1] == (
        f"Model package {arn} already exists."
    )
    both = request | {"ModelPackageGroupName": "group"}
    assert (
        "Cannot determine which one to use." in refusal(sagemaker.create_model_package, **both)[1]
    )


def test_deleted_version_number_is_not_given_again(sagemaker: Any, group: str) -> None:
    register(sagemaker, group)
    last = register(sagemaker, group)
    sagemaker.delete_model_package(ModelPackageName=last)
    assert register(sagemaker, group).endswith("/3")


def test_same_client_token_makes_one_version(sagemaker: Any, group: str, unique: Unique) -> None:
    """A retry after a lost answer registers nothing twice."""
    token = unique("token")
    first = register(sagemaker, group, ClientToken=token)
    assert register(sagemaker, group, ClientToken=token) == first
    assert len(packages(sagemaker, group)) == 1


def packages(sagemaker: Any, group: str, **request: Any) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, **request
    )
    return [package for page in pages for package in page["ModelPackageSummaryList"]]


def test_list_is_by_group_and_approval(sagemaker: Any, group: str) -> None:
    register(sagemaker, group, ModelApprovalStatus="Rejected")
    approved = register(sagemaker, group, ModelApprovalStatus="Approved")
    assert len(packages(sagemaker, group)) == 2
    listed = packages(sagemaker, group, ModelApprovalStatus="Approved")
    assert [package["ModelPackageArn"] for package in listed] == [approved]


def test_approval_is_updated_and_metadata_merged(sagemaker: Any, group: str) -> None:
    arn = register(sagemaker, group, CustomerMetadataProperties={"kept": "1", "gone": "1"})
    sagemaker.update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="better",
        CustomerMetadataProperties={"new": "2"},
        CustomerMetadataPropertiesToRemove=["gone"],
    )
    described = sagemaker.describe_model_package(ModelPackageName=arn)
    assert described["ModelApprovalStatus"] == "Approved"
    assert described["ApprovalDescription"] == "better"
    assert described["CustomerMetadataProperties"] == {"kept": "1", "new": "2"}


def test_group_with_versions_is_not_deleted(sagemaker: Any, group: str) -> None:
    arn = register(sagemaker, group)
    delete = sagemaker.delete_model_package_group
    code, _ = refusal(delete, ModelPackageGroupName=group)
    assert code == "ConflictException"
    sagemaker.delete_model_package(ModelPackageName=arn)
    delete(ModelPackageGroupName=group)
    code, message = refusal(sagemaker.describe_model_package_group, ModelPackageGroupName=group)
    assert code == "ValidationException"
    assert message.endswith(" does not exist.")


def test_taken_group_is_refused(sagemaker: Any, group: str) -> None:
    code, message = refusal(sagemaker.create_model_package_group, ModelPackageGroupName=group)
    assert code == "ValidationException"
    assert message.startswith("Model Package Group already exists")


def test_unknown_group_and_package_are_refused(sagemaker: Any, unique: Unique) -> None:
    code, _ = refusal(register, sagemaker=sagemaker, group=unique("none"))
    assert code == "ValidationException"
    code, _ = refusal(sagemaker.describe_model_package, ModelPackageName=unique("none"))
    assert code == "ValidationException"


def test_rejected_package_makes_no_model(sagemaker: Any, group: str, unique: Unique) -> None:
    arn = register(sagemaker, group, ModelApprovalStatus="Rejected")
    request: dict[str, Any] = {"ModelName": unique("model"), "ExecutionRoleArn": ROLE}
    request["PrimaryContainer"] = {"ModelPackageName": arn}
    code, message = refusal(sagemaker.create_model, **request)
    assert code == "ValidationException"
    assert "Approved" in message
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    sagemaker.create_model(**request)


def test_packages_are_described_in_one_call(sagemaker: Any, unique: Unique) -> None:
    group = unique("batch")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    arn = sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"]
    request = {"ModelName": group, "ExecutionRoleArn": ROLE}
    container = {"ModelPackageName": arn}
    message = refusal(sagemaker.create_model, **request, PrimaryContainer=container)[1]
    assert message.endswith("has no container to deploy. Set its InferenceSpecification first.")
    unknown = arn.replace("/1", "/7")
    response = sagemaker.batch_describe_model_package(ModelPackageArnList=[arn, unknown])
    assert response["ModelPackageSummaries"][arn]["ModelPackageVersion"] == 1
    assert (
        response["BatchDescribeModelPackageErrorMap"][unknown]["ErrorCode"] == "ValidationException"
    )


def test_group_policy_is_kept(sagemaker: Any, unique: Unique) -> None:
    group, policy = unique("shared"), '{"Version": "2012-10-17", "Statement": []}'
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    named = {"ModelPackageGroupName": group}
    assert refusal(sagemaker.get_model_package_group_policy, **named)[0] == "ValidationException"
    sagemaker.put_model_package_group_policy(**named, ResourcePolicy=policy)
    assert sagemaker.get_model_package_group_policy(**named)["ResourcePolicy"] == policy
    sagemaker.delete_model_package_group_policy(**named)
    assert refusal(sagemaker.get_model_package_group_policy, **named)[0] == "ValidationException"
    for wrong in ("{", "[" * 20_000):
        code, _ = refusal(sagemaker.put_model_package_group_policy, **named, ResourcePolicy=wrong)
        assert code == "ValidationException"
