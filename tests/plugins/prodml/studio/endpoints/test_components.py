"""Inference components on the page of their endpoint: their state and their alarms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prodml.naming import REQUEST
from prodml.studio.endpoints.components import components, rollback_alarms

from tests.plugins.answers import Answers

ARN = "arn:aws:sagemaker:us-east-1:000000000000:"
DESCRIBED: dict[str, Any] = {
    "InferenceComponentName": "churn",
    "VariantName": "AllTraffic",
    "InferenceComponentStatus": "Updating",
    "FailureReason": "no room",
    "Specification": {
        "ModelName": "Churn-1",
        "ComputeResourceRequirements": {
            "MinMemoryRequiredInMb": 1024,
            "NumberOfCpuCoresRequired": 0.5,
        },
    },
    "RuntimeConfig": {"CurrentCopyCount": 1, "DesiredCopyCount": 3},
    "LastModifiedTime": datetime(2026, 11, 29, tzinfo=UTC),
    "LastDeploymentConfig": {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}},
}


def test_a_component_has_its_version_copies_and_resources() -> None:
    tags = [{"Key": REQUEST, "Value": f"{ARN}model-package/churn/4"}]
    mapping = {"ResourceARN": f"{ARN}model/churn-1", "Tags": tags}
    aws: Any = Answers(get_resources={"ResourceTagMappingList": [mapping]})
    assert components(aws, [DESCRIBED]) == [
        {
            "name": "churn",
            "variant": "AllTraffic",
            "status": "Updating",
            "failure": "no room",
            "model": "Churn-1",
            "version": 4,
            "copies": 1,
            "desired": 3,
            "memory_mb": 1024,
            "cpus": 0.5,
            "accelerators": 0.0,
            "modified": "2026-11-29T00:00:00+00:00",
        }
    ]


def test_an_endpoint_without_components_costs_no_call() -> None:
    aws: Any = Answers()
    assert components(aws, []) == []


def test_the_alarms_of_the_last_updates_roll_back() -> None:
    assert rollback_alarms([DESCRIBED, {}]) == ["errors"]
