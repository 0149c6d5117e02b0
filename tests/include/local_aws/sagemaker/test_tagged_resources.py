"""Find SageMaker's resources by their tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.models.test_models import create

Unique = Callable[[str], str]


@pytest.fixture
def tagging(local_aws: Server) -> Any:
    return local_aws.client("resourcegroupstaggingapi")


def test_resources_are_found_by_key_and_value(tagging: Any, sagemaker: Any, unique: Unique) -> None:
    key = unique("key")
    arns = [
        create(sagemaker, unique("model"), Tags=[{"Key": key, "Value": value}, *more])
        for value, more in (("a", []), ("b", [{"Key": "other", "Value": "1"}]))
    ]

    def arns_of(**request: Any) -> list[str]:
        pages = tagging.get_paginator("get_resources").paginate(**request)
        return [each["ResourceARN"] for p in pages for each in p["ResourceTagMappingList"]]

    wanted = {"ResourceTypeFilters": ["sagemaker:model"], "ResourcesPerPage": 1}
    assert sorted(arns) == sorted(arns_of(**wanted, TagFilters=[{"Key": key}]))
    assert arns_of(**wanted, TagFilters=[{"Key": key, "Values": ["b"]}]) == [arns[1]]
    assert arns_of(**wanted, TagFilters=[{"Key": key}, {"Key": "other"}]) == [arns[1]]
    elsewhere = {"ResourceTypeFilters": ["sagemaker:endpoint"], "TagFilters": [{"Key": key}]}
    assert arns_of(**elsewhere) == []


def test_resources_of_other_services_are_refused(tagging: Any) -> None:
    code, message = refusal(tagging.get_resources, ResourceTypeFilters=["s3"])
    assert code == "InvalidParameterException"
    assert "ResourceTypeFilters such as" in message
