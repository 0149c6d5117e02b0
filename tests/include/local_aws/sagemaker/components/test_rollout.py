"""Updates of inference components: in batches, and back on an alarm."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.sagemaker.components import live, states
from tests.include.local_aws.models import BROKEN, Platform
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.components.conftest import (
    COMPONENT,
    Board,
    Stored,
    specification,
)
from tests.include.local_aws.sagemaker.conftest import Launches
from tests.include.local_aws.traffic import Traffic


@pytest.fixture(scope="module")
def endpoint(board: Board) -> str:
    """Return an endpoint with room for two copies and a third one during updates."""
    return board.endpoint(InstanceType="ml.m5.xlarge")


@pytest.fixture(scope="module")
def component(board: Board, endpoint: str) -> str:
    return board.serving(endpoint, "old", copies=2)


def _rolling(**members: Any) -> dict[str, Any]:
    policy = {
        "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
        "WaitIntervalInSeconds": 30,
    }
    return {"RollingUpdatePolicy": policy} | members


def _update(board: Board, name: str, model: str, **config: Any) -> dict[str, Any]:
    board.platform.sagemaker.update_inference_component(
        InferenceComponentName=name,
        Specification=specification(model),
        DeploymentConfig=_rolling(**config),
    )
    return board.settled(name)


def test_new_model_arrives_in_batches_without_a_failed_request(
    platform: Platform, board: Board, endpoint: str, component: str
) -> None:
    model = platform.model(name="new")
    with Traffic(platform, endpoint, pause=0.02, InferenceComponentName=component) as traffic:
        description = _update(board, component, model)
    assert traffic.failures == []
    assert description["Specification"]["ModelName"] == model
    assert description["LastDeploymentConfig"]["RollingUpdatePolicy"]["WaitIntervalInSeconds"] == 30
    assert platform.invoke(endpoint, "name", InferenceComponentName=component) == "new"


def test_alarm_brings_the_old_model_back(
    platform: Platform, board: Board, endpoint: str, component: str
) -> None:
    alarm = platform.unique("alarm")
    cloudwatch = platform.server.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=alarm,
        MetricName="Errors",
        Namespace="Shop",
        TreatMissingData="breaching",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )
    before = board.describe(component)["Specification"]
    description = _update(
        board,
        component,
        platform.model(name="worse"),
        AutoRollbackConfiguration={"Alarms": [{"AlarmName": alarm}]},
    )
    assert description["InferenceComponentStatus"] == "InService"
    assert description["Specification"] == before
    assert "are in ALARM state" in description["FailureReason"]
    assert description["RuntimeConfig"] == {"DesiredCopyCount": 2, "CurrentCopyCount": 2}


def test_model_that_does_not_start_changes_nothing(
    platform: Platform, board: Board, endpoint: str, component: str
) -> None:
    answer = platform.invoke(endpoint, "name", InferenceComponentName=component)
    description = _update(board, component, platform.model(BROKEN))
    assert "did not pass the ping health check" in description["FailureReason"]
    assert platform.invoke(endpoint, "name", InferenceComponentName=component) == answer


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "none"}]}}, "do not exist"),
        (
            {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 80},
                    "WaitIntervalInSeconds": 0,
                }
            },
            "MaximumBatchSize of 80",
        ),
        (
            {
                "RollingUpdatePolicy": {
                    "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
                    "WaitIntervalInSeconds": 300,
                    "MaximumExecutionTimeoutInSeconds": 600,
                }
            },
            "MaximumExecutionTimeoutInSeconds 600 must be larger than",
        ),
    ],
)
def test_impossible_rollout_is_refused(
    board: Board, component: str, config: dict[str, Any], complaint: str
) -> None:
    code, message = refusal(
        board.platform.sagemaker.update_inference_component,
        InferenceComponentName=component,
        RuntimeConfig={"CopyCount": 2},
        DeploymentConfig=_rolling(**config),
    )
    assert (code, complaint in message) == ("ValidationException", True)


@pytest.mark.parametrize(
    ("failing", "copies", "reason"),
    [
        ({("new", 3)}, 3, "launch 3 of new failed"),
        ({("new", 3), ("old", 4)}, 1, "The rollback failed"),
    ],
)
def test_only_the_old_version_serves_after_a_late_failure(
    stored: Stored, launches: Launches, failing: set[tuple[str, int]], copies: int, reason: str
) -> None:
    """Fail when two of three copies are new; then the last old copy may not start again."""
    launches.failing = failing
    batch = {"Type": "COPY_COUNT", "Value": 1}
    policy = {
        "MaximumBatchSize": batch,
        "RollbackMaximumBatchSize": batch,
        "WaitIntervalInSeconds": 0,
    }
    target = COMPONENT | {"CopyCount": 3, "Containers": [{"Image": "new"}]}
    target["DeploymentConfig"] = {"RollingUpdatePolicy": policy}
    stored.component(CopyCount=3)

    async def update() -> None:
        components = live.Components(stored.aws)
        await stored.fleet.start()
        await components.start()
        while components.current("big") < 3:
            await asyncio.sleep(0)
        states.MACHINE.move(stored.aws, "big", "Updating", Target=target)
        components.update("big")
        done = await stored.settled("InService")
        assert reason in done["FailureReason"]
        (version,) = stored.fleet.components["big"].versions()
        assert version.spec["Containers"] == done["Containers"] == [{"Image": "old"}]
        assert (done["CopyCount"], components.current("big"), done["Target"]) == (
            copies,
            copies,
            None,
        )
        await components.stop()
        await stored.fleet.stop()

    asyncio.run(update())
