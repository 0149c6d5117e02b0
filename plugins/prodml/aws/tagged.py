"""Find resources by a tag, in a few calls however large the account is."""

from __future__ import annotations

from typing import Any

from prodml.aws.retries import pages
from prodml.aws.tags import by_key

SERVICE = "resourcegroupstaggingapi"
TOKENS = ("PaginationToken", "PaginationToken")
Tagged = dict[str, dict[str, str]]


def tagged(tagging: Any, resource_type: str, key: str, value: str | None = None) -> Tagged:
    """Return the tags of all resources with the tag *key*, by ARN in lower case.

    :param tagging: A client of the Resource Groups Tagging API.
    :param resource_type: A service with its kind of resource, such as ``sagemaker:endpoint``.
    :param value: The tag's value, if not any.
    """
    wanted = {"Key": key} | ({} if value is None else {"Values": [value]})
    listed = pages(
        tagging.get_resources,
        tokens=TOKENS,
        ResourceTypeFilters=[resource_type],
        TagFilters=[wanted],
    )
    mappings = (mapping for page in listed for mapping in page["ResourceTagMappingList"])
    return {mapping["ResourceARN"].lower(): by_key(mapping["Tags"]) for mapping in mappings}
