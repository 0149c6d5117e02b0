"""The Resource Groups Tagging API: SageMaker's resources by their tags."""

from __future__ import annotations

from itertools import groupby

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError

SERVICE = "resourcegroupstaggingapi"
TOKEN = "PaginationToken"  # noqa: S105  (a place in a list)


@operation(SERVICE, "GetResources")
def get_resources(aws: Aws, request: Doc) -> Doc:
    """Return the resources of the given types that have every tag of the filters."""
    types = request.get("ResourceTypeFilters", [])
    if not types or not all(kind.split(":")[0] == "sagemaker" for kind in types):
        raise AwsError(
            "InvalidParameterException",
            "Only resources of SageMaker are emulated. Give ResourceTypeFilters such as "
            "sagemaker:endpoint.",
        )
    filters = request.get("TagFilters", [])
    mappings = [
        {"ResourceARN": arn, "Tags": tags}
        for arn, tags in _by_arn(aws)
        if _is_of(arn, types) and all(_has(tags, wanted) for wanted in filters)
    ]
    asked = {
        "NextToken": request.get(TOKEN) or None,
        "MaxResults": request.get("ResourcesPerPage") or 50,
    }
    page, token = paging.page(mappings, asked)
    return {"ResourceTagMappingList": page, TOKEN: token or ""}


def _by_arn(aws: Aws) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the tags of each resource of SageMaker that has any."""
    prefix = aws.arn("")
    rows = aws.store.query(
        "SELECT arn, key, value FROM tags WHERE substr(arn, 1, ?) = ? ORDER BY arn, key",
        len(prefix),
        prefix,
    )
    return [
        (arn, [{"Key": key, "Value": value} for _, key, value in tags])
        for arn, tags in groupby(rows, key=lambda row: str(row[0]))
    ]


def _is_of(arn: str, types: list[str]) -> bool:
    kind = arn.split(":", 5)[5].partition("/")[0]
    return any(wanted in ("sagemaker", f"sagemaker:{kind}") for wanted in types)


def _has(tags: list[dict[str, str]], wanted: Doc) -> bool:
    values = wanted.get("Values", [])
    return any(
        tag["Key"] == wanted["Key"] and (not values or tag["Value"] in values) for tag in tags
    )
