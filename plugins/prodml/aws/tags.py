"""What is written on a SageMaker resource: its tags, by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prodml.aws.retries import pages, with_retries


def tags_of(sagemaker: Any, arn: str) -> dict[str, str]:
    """All tags of the resource *arn*."""
    listed = pages(sagemaker.list_tags, ResourceArn=arn)
    return by_key(tag for page in listed for tag in page["Tags"])


def tag(sagemaker: Any, arn: str, values: Mapping[str, str]) -> None:
    """Write *values* on the resource, all at once: none of them is there without the others."""
    with_retries(sagemaker.add_tags, ResourceArn=arn, Tags=as_tags(values))


def untag(sagemaker: Any, arn: str, keys: Iterable[str]) -> None:
    """Take the tags *keys* off; one that is not there is no error."""
    with_retries(sagemaker.delete_tags, ResourceArn=arn, TagKeys=list(keys))


def by_key(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags as AWS lists them, by key."""
    return {found["Key"]: found["Value"] for found in tags}


def merged(
    tags: Iterable[Mapping[str, str]], more: Iterable[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Return *tags* and those of *more* whose key they lack; SageMaker ignores a key's case."""
    own = [dict(tag) for tag in tags]
    keys = {tag["Key"].lower() for tag in own}
    return [*own, *(dict(tag) for tag in more if tag["Key"].lower() not in keys)]


def as_tags(values: Mapping[str, str]) -> list[dict[str, str]]:
    """*values* as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in values.items()]
