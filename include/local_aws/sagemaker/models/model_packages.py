"""The model registry: groups, numbered versions, and their approval."""

from __future__ import annotations

import json

from ...containers.images import digest_of
from ...core.account import Aws
from ...core.registry import Resource, merged, operation
from ...core.store import Doc, Duplicate
from ...wire import paging
from ...wire.errors import AwsError, validation

GROUP = Resource(
    noun="ModelPackageGroup",
    kind="model-package-group",
    summaries="ModelPackageGroupSummaryList",
    taken=lambda name, arn: validation(f"Model Package Group already exists: {arn}"),
    unknown=lambda name, arn: validation(f"ModelPackageGroup {arn} does not exist."),
)
GROUP.register("Describe", "List")
KIND = "model-package"
LAST = "LastVersion"  # member of a group: the number of a deleted version is not reused


@operation("sagemaker", "CreateModelPackageGroup")
def create_model_package_group(aws: Aws, request: Doc) -> Doc:
    return GROUP.create(aws, request, ModelPackageGroupStatus="Completed")


@operation("sagemaker", "DeleteModelPackageGroup")
def delete_model_package_group(aws: Aws, request: Doc) -> Doc:
    name = request["ModelPackageGroupName"]
    if versions := _versions(aws, name):
        raise AwsError(
            "ConflictException",
            f"Model Package Group {GROUP.arn(aws, name)} cannot be deleted because it contains "
            f"{len(versions)} model packages.",
        )
    return GROUP.delete(aws, name)


@operation("sagemaker", "CreateModelPackage")
def create_model_package(aws: Aws, request: Doc) -> Doc:
    """Create a version in its group; the same ClientToken returns the version it created."""
    if made := _made_by_token(aws, request.get("ClientToken")):
        return made
    group, name = request.get("ModelPackageGroupName"), request.get("ModelPackageName")
    if group is None and name is None:
        raise validation("Missing ARN. Give ModelPackageGroupName, or ModelPackageName.")
    if group is not None and name is not None:
        raise validation(
            "Both ModelPackageName and ModelPackageGroupName are provided in the input. "
            "Cannot determine which one to use."
        )
    if name is not None:
        return _insert(aws, request, name)
    group = _group_name(str(group))
    version = _registered_group(aws, group).get(LAST, 0) + 1
    aws.store.update(GROUP.kind, group, **{LAST: version})
    request = request | {"ModelPackageGroupName": group}
    return _insert(aws, request, f"{group}/{version}", ModelPackageVersion=version)


def _registered_group(aws: Aws, name: str) -> Doc:
    """Return a group, or refuse with the words that CreateModelPackage has for an unknown one."""
    try:
        return GROUP.get(aws, name)
    except AwsError:
        raise validation("Model Package Group does not exist.") from None


def _insert(aws: Aws, request: Doc, path: str, **members: int) -> Doc:
    arn = aws.arn(f"{KIND}/{path.lower()}")
    now = aws.clock.now()
    doc = {k: v for k, v in request.items() if k != "Tags"} | members
    doc |= {"ModelPackageArn": arn, "CreationTime": now, "LastModifiedTime": now}
    doc |= {"ModelPackageStatus": "Completed", "ModelPackageStatusDetails": _validated()}
    if "ModelPackageVersion" in members:
        doc.setdefault("ModelApprovalStatus", "PendingManualApproval")
    doc |= _with_digests(doc)
    try:
        aws.store.insert(KIND, arn, doc)
    except Duplicate:
        raise validation(f"Model package {arn} already exists.") from None
    aws.store.put_tags(arn, request.get("Tags", []))
    return doc


def _with_digests(doc: Doc) -> Doc:
    """Return the specification of *doc*, if it has one, with the digests of its images."""
    specification = doc.get("InferenceSpecification")
    if not specification:
        return {}
    containers = [_with_digest(container) for container in specification["Containers"]]
    return {"InferenceSpecification": specification | {"Containers": containers}}


def _with_digest(container: Doc) -> Doc:
    """Return a container with the digest of its image, which AWS looks up in the registry."""
    digest = digest_of(container["Image"])
    return {"ImageDigest": digest} | container if digest else container


def _validated() -> Doc:
    return {"ValidationStatuses": [], "ImageScanStatuses": []}


def _made_by_token(aws: Aws, token: str | None) -> Doc | None:
    packages = aws.store.list(KIND) if token else []
    return next((p for p in packages if p.get("ClientToken") == token), None)


@operation("sagemaker", "DescribeModelPackage")
def describe_model_package(aws: Aws, request: Doc) -> Doc:
    return _get(aws, request["ModelPackageName"])


@operation("sagemaker", "UpdateModelPackage")
def update_model_package(aws: Aws, request: Doc) -> Doc:
    package = _get(aws, request["ModelPackageArn"])
    changes = merged(package, request, ("CustomerMetadataProperties",)) | _with_digests(request)
    return aws.store.update(KIND, package["ModelPackageArn"], **changes)


@operation("sagemaker", "DeleteModelPackage")
def delete_model_package(aws: Aws, request: Doc) -> Doc:
    arn = _get(aws, request["ModelPackageName"])["ModelPackageArn"]
    aws.store.delete(KIND, arn)
    aws.store.drop_tags(arn)
    return {}


@operation("sagemaker", "ListModelPackages")
def list_model_packages(aws: Aws, request: Doc) -> Doc:
    group = request.get("ModelPackageGroupName")
    packages = _versions(aws, group) if group else _of_type(aws, request)
    packages = paging.filtered(packages, request, "ModelPackageArn", None, ("ModelApprovalStatus",))
    keys = {"Name": "ModelPackageArn"}
    summaries, token = paging.listed("ListModelPackages", packages, request, keys)
    return {"ModelPackageSummaryList": summaries, "NextToken": token}


def _of_type(aws: Aws, request: Doc) -> list[Doc]:
    """Return versions, packages outside of groups (the default), or both."""
    wanted = request.get("ModelPackageType", "Unversioned")
    return [
        package
        for package in aws.store.list(KIND)
        if wanted in ("Both", "Versioned" if "ModelPackageVersion" in package else "Unversioned")
    ]


@operation("sagemaker", "BatchDescribeModelPackage")
def batch_describe_model_package(aws: Aws, request: Doc) -> Doc:
    packages, failed = {}, {}
    for arn in request["ModelPackageArnList"]:
        try:
            packages[arn] = _get(aws, arn)
        except AwsError as error:
            failed[arn] = {"ErrorCode": error.code, "ErrorResponse": error.message}
    return {"ModelPackageSummaries": packages, "BatchDescribeModelPackageErrorMap": failed}


@operation("sagemaker", "PutModelPackageGroupPolicy", stored=True)
def put_model_package_group_policy(aws: Aws, request: Doc) -> Doc:
    group = GROUP.get(aws, request["ModelPackageGroupName"])
    try:
        json.loads(request["ResourcePolicy"])
    except (ValueError, RecursionError) as error:
        raise validation(f"ResourcePolicy is not valid JSON: {error}.") from None
    return aws.store.update(GROUP.kind, group[GROUP.name], ResourcePolicy=request["ResourcePolicy"])


@operation("sagemaker", "GetModelPackageGroupPolicy", stored=True)
def get_model_package_group_policy(aws: Aws, request: Doc) -> Doc:
    return _with_policy(aws, request["ModelPackageGroupName"])


@operation("sagemaker", "DeleteModelPackageGroupPolicy", stored=True)
def delete_model_package_group_policy(aws: Aws, request: Doc) -> Doc:
    group = _with_policy(aws, request["ModelPackageGroupName"])
    return aws.store.update(GROUP.kind, group[GROUP.name], ResourcePolicy=None)


def _with_policy(aws: Aws, name: str) -> Doc:
    group = GROUP.get(aws, name)
    if not group.get("ResourcePolicy"):
        raise validation(f"Cannot find resource policy for: {group['ModelPackageGroupArn']}.")
    return group


def package_containers(aws: Aws, name: str) -> list[Doc]:
    """Return the containers of a model from this package; refuse one that cannot be deployed."""
    package = _get(aws, name)
    if package.get("ModelApprovalStatus") == "Rejected":
        raise validation(
            f"Cannot deploy model package {package['ModelPackageArn']}: it is Rejected. "
            "Set its ModelApprovalStatus to Approved first."
        )
    if not (specification := package.get("InferenceSpecification")):
        raise validation(
            f"Model package {package['ModelPackageArn']} has no container to deploy. Set its "
            "InferenceSpecification first."
        )
    return list(specification["Containers"])


def _get(aws: Aws, name: str) -> Doc:
    arn = name if name.startswith("arn:") else aws.arn(f"{KIND}/{name.lower()}")
    package = aws.store.get(KIND, arn)
    if package is None:
        raise validation(f"ModelPackage {arn} does not exist.")
    return package


def _versions(aws: Aws, group: str) -> list[Doc]:
    name = _group_name(group)
    return [p for p in aws.store.list(KIND) if p.get("ModelPackageGroupName") == name]


def _group_name(group: str) -> str:
    """Return the name of a group, which can be given by its ARN."""
    return group.rpartition("/")[2]
