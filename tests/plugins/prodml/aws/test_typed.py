"""Give a rendered request the types that its operation takes."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from prodml.aws.typed import typed
from prodml.exceptions import RequestRefusedError

OPERATION = "CreateProcessingJob"


@pytest.fixture(scope="module")
def client() -> Any:
    return boto3.client("sagemaker", "us-east-1")


def _cluster(count: object) -> dict[str, Any]:
    return {"ProcessingResources": {"ClusterConfig": {"InstanceCount": count}}}


def test_numbers_and_switches_are_read_wherever_they_are(client: Any) -> None:
    request = {
        **_cluster("2"),
        "StoppingCondition": {"MaxRuntimeInSeconds": " 300 "},
        "NetworkConfig": {"EnableNetworkIsolation": "True"},
        "ProcessingInputs": [{"InputName": "1", "AppManaged": "false"}],
        "Environment": {"WORKERS": "4"},
    }
    assert typed(client, OPERATION, request) == {
        **_cluster(2),
        "StoppingCondition": {"MaxRuntimeInSeconds": 300},
        "NetworkConfig": {"EnableNetworkIsolation": True},
        "ProcessingInputs": [{"InputName": "1", "AppManaged": False}],  # a name stays text
        "Environment": {"WORKERS": "4"},
    }


def test_what_has_its_type_and_what_is_unknown_stay_as_they_are(client: Any) -> None:
    request = _cluster(2) | {"NoSuchMember": "1"}
    assert typed(client, OPERATION, request) == request


@pytest.mark.parametrize("text", ["many", "", "1.5", "None"])
def test_text_that_is_no_number_is_refused_by_its_path(client: Any, text: str) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        typed(client, OPERATION, _cluster(text))
    path = "CreateProcessingJob.ProcessingResources.ClusterConfig.InstanceCount"
    assert str(refused.value).startswith(f"Invalid {path}: {text!r}. SageMaker takes an integer")
    assert str(refused.value).endswith("the template that renders it.")
