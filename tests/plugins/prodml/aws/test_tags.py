"""Write, read and remove the tags of a resource."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.aws.tags import as_tags, by_key, tag, tags_of, untag


@pytest.fixture
def arn(sagemaker: Any, unique: str) -> str:
    made = sagemaker.create_experiment(ExperimentName=unique, Tags=as_tags({"kept": "yes"}))
    return str(made["ExperimentArn"])


def test_tags_are_added_changed_and_removed(sagemaker: Any, arn: str) -> None:
    tag(sagemaker, arn, {"a": "1", "b": "2"})
    tag(sagemaker, arn, {"a": "3"})
    assert tags_of(sagemaker, arn) == {"kept": "yes", "a": "3", "b": "2"}
    untag(sagemaker, arn, ["a", "never there"])
    assert tags_of(sagemaker, arn) == {"kept": "yes", "b": "2"}


def test_one_tag_that_is_refused_leaves_none(sagemaker: Any, arn: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        tag(sagemaker, arn, {"good": "1", "bad": "x" * 257})
    assert tags_of(sagemaker, arn) == {"kept": "yes"}


def test_a_list_and_a_dictionary_say_the_same() -> None:
    values = {"prodml:run": "manual", "team": ""}
    assert by_key(as_tags(values)) == values
    assert as_tags({"team": "a"}) == [{"Key": "team", "Value": "a"}]
