from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.include.local_aws.sagemaker.models.test_models import create

Unique = Callable[[str], str]


def tags_of(sagemaker: Any, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}


def test_tags_come_with_the_resource(sagemaker: Any, unique: Unique) -> None:
    arn = create(sagemaker, unique("model"), Tags=[{"Key": "team", "Value": "churn"}])
    assert tags_of(sagemaker, arn) == {"team": "churn"}


def test_tags_are_added_replaced_and_removed(sagemaker: Any, unique: Unique) -> None:
    arn = create(sagemaker, unique("model"), Tags=[{"Key": "a", "Value": "1"}])
    sagemaker.add_tags(
        ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}]
    )
    assert tags_of(sagemaker, arn) == {"a": "2", "b": "3"}
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a"])
    assert tags_of(sagemaker, arn) == {"b": "3"}


def test_tags_end_with_their_resource(sagemaker: Any, unique: Unique) -> None:
    """One made later under the same name must not look like the one that was deleted."""
    name = unique("model")
    create(sagemaker, name, Tags=[{"Key": "request-hash", "Value": "old"}])
    sagemaker.delete_model(ModelName=name)
    assert tags_of(sagemaker, create(sagemaker, name)) == {}
