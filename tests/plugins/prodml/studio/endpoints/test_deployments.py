"""The deployments of an endpoint: their strategy, and the state of each configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from prodml.endpoints.cleanup import OWNER, SERVED
from prodml.naming import REQUEST, Identity
from prodml.studio.endpoints.deployments import deployments, deployments_of

from tests.plugins.answers import Answers, refusal

ARN = "arn:aws:sagemaker:us-east-1:000000000000:endpoint-config/"
RUN = Identity("local", "retrain_churn", "manual__1", "deploy")
PACKAGE = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/"
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
VERIFIED = "2026-11-29T13:00:00+00:00"
NO_COMPONENT = refusal("ValidationException", "Could not find inference component")
DESCRIBED = {
    "EndpointName": "churn",
    "EndpointConfigName": "Churn-2",
    "PendingDeploymentSummary": {"EndpointConfigName": "Churn-4"},
}


def _account(verified: set[int]) -> Any:
    """Return an account with four configurations, and one of another endpoint."""

    def mapping(number: int) -> dict[str, Any]:
        tags = [*RUN.tags(1, f"{PACKAGE}{number}"), {"Key": OWNER, "Value": "churn"}]
        tags += [{"Key": SERVED, "Value": VERIFIED}] if number in verified else []
        return {"ResourceARN": f"{ARN}churn-{number}", "Tags": tags}

    configs = [
        {
            "EndpointConfigName": f"Churn-{number}",
            "EndpointConfigArn": f"{ARN}Churn-{number}",
            "CreationTime": AT,
        }
        for number in (4, 3, 2, 1)
    ]
    other = {"EndpointConfigName": "churn-eu", "EndpointConfigArn": f"{ARN}churn-eu"}
    return Answers(
        get_resources={"ResourceTagMappingList": [mapping(number) for number in (1, 2, 3, 4)]},
        list_endpoint_configs={"EndpointConfigs": [*configs, other]},
        describe_endpoint=DESCRIBED,
        describe_inference_component=NO_COMPONENT,
    )


def test_configurations_have_their_state_and_the_run_that_made_them() -> None:
    history = deployments(_account({1, 2}), DESCRIBED)["history"]
    assert [(one["config"], one["state"]) for one in history] == [
        ("Churn-4", "in progress"),
        ("Churn-3", "never verified"),
        ("Churn-2", "in service"),
        ("Churn-1", "earlier"),
    ]
    assert history[2] == {
        "config": "Churn-2",
        "version": 2,
        "created": "2026-11-29T12:00:00+00:00",
        "verified": VERIFIED,
        "state": "in service",
        "dag": "retrain_churn",
        "run": "manual__1",
    }


def test_a_configuration_of_another_tool_has_no_run_and_no_version() -> None:
    tags = [{"Key": OWNER, "Value": "churn"}, {"Key": REQUEST, "Value": "0" * 64}]
    aws: Any = Answers(
        get_resources={"ResourceTagMappingList": [{"ResourceARN": f"{ARN}c", "Tags": tags}]},
        list_endpoint_configs={
            "EndpointConfigs": [{"EndpointConfigName": "c", "EndpointConfigArn": f"{ARN}c"}]
        },
    )
    (only,) = deployments(aws, DESCRIBED)["history"]
    assert (only["version"], only["created"], only["dag"], only["run"]) == (None, None, "", "")


def test_an_endpoint_that_does_not_exist_has_no_deployments() -> None:
    assert len(deployments_of(_account(set()), "churn")) == 4
    missing: Any = Answers(
        describe_endpoint=refusal("ValidationException", "Could not find endpoint"),
        describe_inference_component=NO_COMPONENT,
    )
    assert deployments_of(missing, "churn") == []


PERCENT = {"Type": "CAPACITY_PERCENT", "Value": 10}
COUNT = {"Type": "INSTANCE_COUNT", "Value": 2}


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ({}, "all at once"),
        ({"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {}}}, "all at once"),
        (
            {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {
                        "Type": "CANARY",
                        "CanarySize": PERCENT,
                        "WaitIntervalInSeconds": 300,
                    }
                }
            },
            "canary of 10 %, 300 s",
        ),
        (
            {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {
                        "Type": "LINEAR",
                        "LinearStepSize": COUNT,
                        "WaitIntervalInSeconds": 0,
                    }
                }
            },
            "linear of 2 instances, 0 s",
        ),
        ({"RollingUpdatePolicy": {"MaximumBatchSize": COUNT}}, "rolling, 2 instances a batch"),
    ],
)
def test_a_strategy_is_stated_in_words(strategy: dict[str, Any], words: str) -> None:
    alarms = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    last = {"LastDeploymentConfig": strategy | alarms}
    shown = deployments(_account(set()), DESCRIBED | last)
    assert (shown["strategy"], shown["rollback_alarms"]) == (words, ["errors"])
