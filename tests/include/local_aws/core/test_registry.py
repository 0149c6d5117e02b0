"""A named resource: the common operations, and its own errors."""

from __future__ import annotations

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.registry import OPERATIONS, STORED, Resource, merged, operation
from include.local_aws.wire.errors import AwsError

MODEL = Resource("Model", "model", "Models", merged=("Labels",))


def test_create_stores_the_input_with_arn_and_times(aws: Aws) -> None:
    tags = [{"Key": "team", "Value": "ml"}]
    doc = MODEL.create(aws, {"ModelName": "Mine", "Image": "i", "Tags": tags}, Status="New")
    assert doc["ModelArn"] == "arn:aws:sagemaker:us-east-1:000000000000:model/mine"
    assert doc["CreationTime"] == doc["LastModifiedTime"] == aws.clock.now()
    assert (doc["Image"], doc["Status"], "Tags" in doc) == ("i", "New", False)
    assert aws.store.tags(doc["ModelArn"]) == tags
    assert MODEL.get(aws, "Mine") == MODEL.get(aws, doc["ModelArn"]) == doc


def test_taken_name_is_refused(aws: Aws) -> None:
    MODEL.create(aws, {"ModelName": "a"})
    with pytest.raises(AwsError, match="model/a already exists") as refused:
        MODEL.create(aws, {"ModelName": "a"})
    assert refused.value.code == "ResourceInUse"


def test_same_tag_twice_creates_nothing(aws: Aws) -> None:
    twice = [{"Key": key, "Value": "v"} for key in ("team", "TEAM")]
    with pytest.raises(AwsError, match="Duplicate tag keys found"):
        MODEL.create(aws, {"ModelName": "a", "Tags": twice})
    with pytest.raises(AwsError, match="Requested resource not found"):
        MODEL.get(aws, "a")


def test_arn_of_another_region_is_not_found(aws: Aws) -> None:
    arn = MODEL.create(aws, {"ModelName": "a"})["ModelArn"]
    with pytest.raises(AwsError, match="not found"):
        MODEL.get(aws, arn.replace("us-east-1", "eu-west-1"))


def test_update_replaces_members_and_merges_maps(aws: Aws) -> None:
    MODEL.create(aws, {"ModelName": "a", "Image": "one", "Labels": {"k": "v", "l": "w"}})
    changes = {"Image": "two", "Labels": {"m": "x"}, "LabelsToRemove": ["k"]}
    doc = MODEL.update(aws, {"ModelName": "a"} | changes)
    assert (doc["Image"], doc["Labels"]) == ("two", {"l": "w", "m": "x"})
    assert merged({}, {"LabelsToRemove": ["k"]}, ("Labels",)) == {"Labels": {}}


def test_delete_takes_the_tags_along(aws: Aws) -> None:
    tags = [{"Key": "k", "Value": "v"}]
    arn = MODEL.create(aws, {"ModelName": "a", "Tags": tags})["ModelArn"]
    MODEL.delete(aws, "a")
    assert aws.store.tags(arn) == []
    with pytest.raises(AwsError, match="not found"):
        MODEL.delete(aws, "a")


def test_list_filters_and_pages(aws: Aws) -> None:
    for name in ("aa", "ab", "bb"):
        MODEL.create(aws, {"ModelName": name})
    asked = {"NameContains": "A", "SortBy": "Name", "SortOrder": "Ascending", "MaxResults": 1}
    first = MODEL.list(aws, asked)
    assert [doc["ModelName"] for doc in first["Models"]] == ["aa"]
    second = MODEL.list(aws, asked | {"NextToken": first["NextToken"]})
    assert ([doc["ModelName"] for doc in second["Models"]], second["NextToken"]) == (["ab"], None)


def test_registered_verbs_are_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in (OPERATIONS, STORED):
        monkeypatch.setattr(f"include.local_aws.core.registry.{name_of(table)}", type(table)())
    from include.local_aws.core import registry

    MODEL.register("Describe", "List")
    operation("sagemaker", "Noted", stored=True)(lambda aws, request: {})
    assert {name for _, name in registry.OPERATIONS} == {"DescribeModel", "ListModels", "Noted"}
    assert {("sagemaker", "Noted")} == registry.STORED


def name_of(table: object) -> str:
    return "OPERATIONS" if table is OPERATIONS else "STORED"
