"""Read and write the tags of SageMaker resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prodml.aws.errors import DENIED, code_of
from prodml.aws.retries import pages, with_retries


def tags_of(sagemaker: Any, arn: str) -> dict[str, str]:
    """Return all tags of the resource *arn*, by key."""
    listed = pages(sagemaker.list_tags, ResourceArn=arn)
    return by_key(tag for page in listed for tag in page["Tags"])


def visible_tags(sagemaker: Any, arn: str) -> dict[str, str]:
    """Return the tags of *arn*; none if AWS denies to show them, as of another team's resource."""
    from botocore.exceptions import ClientError

    try:
        return tags_of(sagemaker, arn)
    except ClientError as error:
        if code_of(error) in DENIED:
            return {}
        raise


def tag(sagemaker: Any, arn: str, values: Mapping[str, str]) -> None:
    """Write *values* to the resource in one call."""
    with_retries(sagemaker.add_tags, ResourceArn=arn, Tags=as_tags(values))


def untag(sagemaker: Any, arn: str, keys: Iterable[str]) -> None:
    """Remove the tags *keys*; a missing one is not an error."""
    with_retries(sagemaker.delete_tags, ResourceArn=arn, TagKeys=list(keys))


def by_key(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return tags, as AWS lists them, by key."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def merged(
    tags: Iterable[Mapping[str, str]], more: Iterable[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Return *tags* and those of *more* whose key they lack; SageMaker ignores a key's case."""
    own = [dict(tag) for tag in tags]
    keys = {tag["Key"].lower() for tag in own}
    return [*own, *(dict(tag) for tag in more if tag["Key"].lower() not in keys)]


def as_tags(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return *values* as AWS takes tags."""
    return [{"Key": key, "Value": value} for key, value in values.items()]
