from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.monitoring.world import (
    World,
)


def test_definition_is_described_listed_and_deleted(world: World) -> None:
    world.define()
    name = {"JobDefinitionName": "checks"}
    described = world.call("DescribeDataQualityJobDefinition", **name)
    assert described["JobDefinitionArn"].endswith(":data-quality-job-definition/checks")
    (summary,) = world.call("ListDataQualityJobDefinitions")["JobDefinitionSummaries"]
    assert summary["MonitoringJobDefinitionName"] == "checks"
    assert summary["EndpointName"] == "churn"
    assert world.call("ListModelQualityJobDefinitions")["JobDefinitionSummaries"] == []
    world.call("DeleteDataQualityJobDefinition", **name)
    with pytest.raises(AwsError, match="Could not find job definition"):
        world.call("DescribeDataQualityJobDefinition", **name)


def test_taken_name_is_refused_within_its_kind(world: World) -> None:
    world.define()
    with pytest.raises(AwsError, match="already exists") as caught:
        world.define()
    assert caught.value.code == "ResourceInUse"
    world.define("ModelQuality")


def test_unknown_image_is_refused_before_anything_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{world.__module__}.IMAGE", "nowhere/nothing:1")
    with pytest.raises(AwsError, match="nowhere/nothing:1"):
        world.define()
    assert world.call("ListDataQualityJobDefinitions")["JobDefinitionSummaries"] == []
