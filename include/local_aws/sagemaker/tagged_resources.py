"""The Resource Groups Tagging API: SageMaker's resources by their tags."""

from __future__ import annotations

from itertools import groupby

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError

SERVICE = "resourcegroupstaggingapi"
LAST = "\U0010ffff"  # sorts after each character of a name
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
        for arn, tags in _by_arn(aws, types)
        if all(_has(tags, wanted) for wanted in filters)
    ]
    asked = {
        "NextToken": request.get(TOKEN) or None,
        "MaxResults": request.get("ResourcesPerPage") or 50,
    }
    page, token = paging.page(mappings, asked)
    return {"ResourceTagMappingList": page, TOKEN: token or ""}


def _by_arn(aws: Aws, types: list[str]) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the tags of each resource of *types* that has any, read by the index of ARNs."""
    kinds = {kind.partition(":")[2] for kind in types}
    every = "" in kinds  # the type "sagemaker" has all kinds
    prefixes = [aws.arn("")] if every else sorted(aws.arn(f"{kind}/") for kind in kinds)
    select = "SELECT arn, key, value FROM tags WHERE arn >= ? AND arn < ? ORDER BY arn, key"
    rows = [row for each in prefixes for row in aws.store.query(select, each, f"{each}{LAST}")]
    return [
        (arn, [{"Key": key, "Value": value} for _, key, value in tags])
        for arn, tags in groupby(rows, key=lambda row: str(row[0]))
    ]


def _has(tags: list[dict[str, str]], wanted: Doc) -> bool:
    values = wanted.get("Values", [])
    return any(
        tag["Key"] == wanted["Key"] and (not values or tag["Value"] in values) for tag in tags
    )
