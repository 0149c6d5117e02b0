"""Deployment guardrails over real processes, under load; a minute of AWS is a second here."""

from __future__ import annotations

import math
import time
from typing import Any

from tests.include.local_aws.models import BROKEN, Platform, variant
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.traffic import Traffic

MINUTE = 60


def _blue_green(kind: str, wait: int = 0, **members: Any) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": wait} | members
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}


def _percent(value: int) -> dict[str, Any]:
    return {"Type": "CAPACITY_PERCENT", "Value": value}


def _rolling(size: int, wait: int, **members: Any) -> dict[str, Any]:
    batch = {"Type": "INSTANCE_COUNT", "Value": size}
    policy = {"MaximumBatchSize": batch, "WaitIntervalInSeconds": wait} | members
    return {"RollingUpdatePolicy": policy}


def _alarm(platform: Platform, endpoint: str, **members: Any) -> str:
    """Create an alarm that fires after a minute in which the endpoint's model failed."""
    name = platform.unique("alarm")
    dimensions = {"EndpointName": endpoint, "VariantName": "AllTraffic"} | members
    platform.server.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=[{"Name": k, "Value": v} for k, v in dimensions.items()],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )
    return name


def _update(platform: Platform, name: str, config: str, **members: Any) -> None:
    platform.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config, **members)


def _second(platform: Platform, count: int = 1) -> str:
    model = platform.model(name="second")
    return platform.config(variant(model, InitialInstanceCount=count))


def _stages(platform: Platform, name: str, within: float = 120) -> list[dict[str, Any]]:
    """Return the descriptions of an endpoint during its update, one for each stage."""
    seen: list[dict[str, Any]] = []
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        description: dict[str, Any] = platform.sagemaker.describe_endpoint(EndpointName=name)
        if description["EndpointStatus"] == "InService":
            return seen
        if not seen or _stage(seen[-1]) != _stage(description):
            seen.append(description)
        time.sleep(0.02)
    raise TimeoutError(f"{name} is still {seen[-1]['EndpointStatus']} after {within} s.")


def _stage(description: dict[str, Any]) -> str:
    pending = description.get("PendingDeploymentSummary")
    if description["EndpointStatus"] != "Updating" or pending is None:
        return str(description["EndpointStatus"])
    return str(pending["ProductionVariants"][0]["VariantStatus"][0]["Status"])


def test_canary_takes_its_share_and_then_everything(platform: Platform) -> None:
    name = platform.serving(variant(platform.model()))
    config = _second(platform)
    deployment = _blue_green("CANARY", 4 * MINUTE, CanarySize=_percent(30))
    with Traffic(platform, name) as traffic:
        _update(platform, name, config, DeploymentConfig=deployment)
        traffic.until_answered("second")
        begun = len(traffic.answers)
        time.sleep(2)
        canary, answers = traffic.share("second", begun), len(traffic.answers) - begun
        stages = _stages(platform, name)
    assert traffic.failures == []
    assert abs(canary - 0.3) < 5 * math.sqrt(0.3 * 0.7 / answers)  # 5 standard deviations
    assert traffic.answers[-1] == "second"
    described = platform.sagemaker.describe_endpoint(EndpointName=name)
    assert described["EndpointConfigName"] == config
    assert described["LastDeploymentConfig"] == deployment
    assert "PendingDeploymentSummary" not in described
    assert _stage(stages[0]) == "Baking"
    pending = stages[0]["PendingDeploymentSummary"]
    assert pending["EndpointConfigName"] == config
    assert pending["ProductionVariants"][0]["CurrentInstanceCount"] == 1


def test_linear_shift_grows_step_by_step(platform: Platform) -> None:
    name = platform.serving(variant(platform.model()))
    steps = _blue_green("LINEAR", MINUTE, LinearStepSize=_percent(50))
    with Traffic(platform, name) as traffic:
        _update(platform, name, _second(platform), DeploymentConfig=steps)
        stages = [_stage(stage) for stage in _stages(platform, name)]
    assert traffic.failures == []
    assert set(stages) <= {"Creating", "ActivatingTraffic", "Baking"}
    first = traffic.answers.index("second")
    assert "first" in traffic.answers[first + 8 :]
    assert traffic.answers[-1] == "second"


def test_rolling_update_replaces_a_batch_at_a_time(platform: Platform) -> None:
    name = platform.serving(variant(platform.model(), InitialInstanceCount=2))
    with Traffic(platform, name) as traffic:
        _update(platform, name, _second(platform, 2), DeploymentConfig=_rolling(1, MINUTE))
        stages = _stages(platform, name)
    assert traffic.failures == []
    assert traffic.answers[-1] == "second"
    totals = [
        sum(v["CurrentInstanceCount"] for v in stage["ProductionVariants"])
        + sum(
            v["CurrentInstanceCount"]
            for v in stage["PendingDeploymentSummary"]["ProductionVariants"]
        )
        for stage in stages
    ]
    assert max(totals) == 3
    summary = platform.settled(name)["ProductionVariants"][0]
    assert summary["CurrentInstanceCount"] == 2


def _assert_rolled_back(
    platform: Platform, name: str, traffic: Traffic, config: str, reason: str
) -> None:
    described = platform.settled(name)
    assert described["EndpointConfigName"] == config
    assert reason in described["FailureReason"]
    assert "PendingDeploymentSummary" not in described
    begun = len(traffic.answers)
    while len(traffic.answers) < begun + 20:
        time.sleep(0.02)
    assert set(traffic.answers[begun + 4 :]) == {"first"}


def _guarded(deployment: dict[str, Any], alarm: str) -> dict[str, Any]:
    return deployment | {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]}}


def test_alarm_of_the_new_fleet_rolls_back(platform: Platform) -> None:
    good = platform.config(variant(platform.model()))
    name = platform.endpoint(good)
    platform.settled(name)
    config = _second(platform)
    alarm = _alarm(platform, name, EndpointConfigName=config)
    canary = _blue_green("CANARY", 20 * MINUTE, CanarySize=_percent(50))
    with Traffic(platform, name) as traffic:
        _update(platform, name, config, DeploymentConfig=_guarded(canary, alarm))
        traffic.until_answered("second")
        with Traffic(platform, name, body="fail-second x", callers=1):
            _assert_rolled_back(platform, name, traffic, good, alarm)
    assert traffic.failures == []


def test_rolling_update_restores_the_old_fleet(platform: Platform) -> None:
    """The alarm is set by hand once half of the old fleet has stopped."""
    good = platform.config(variant(platform.model(), InitialInstanceCount=2))
    name = platform.endpoint(good)
    platform.settled(name)
    alarm = _alarm(platform, name, EndpointConfigName="unknown")
    rolling = _guarded(_rolling(1, 2 * MINUTE), alarm)
    cloudwatch = platform.server.client("cloudwatch")
    with Traffic(platform, name) as traffic:
        _update(platform, name, _second(platform, 2), DeploymentConfig=rolling)
        _wait_for_old(platform, name, 1)
        while _stage(platform.sagemaker.describe_endpoint(EndpointName=name)) != "RollingBack":
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="by hand")
        _assert_rolled_back(platform, name, traffic, good, alarm)
    assert traffic.failures == []
    (summary,) = platform.settled(name)["ProductionVariants"]
    assert summary["CurrentInstanceCount"] == 2


def test_failed_rollback_leaves_the_serving_fleet(platform: Platform) -> None:
    """The old model's artifact is deleted before the rollback needs it."""
    model = platform.model()
    name = platform.serving(variant(model, InitialInstanceCount=2))
    alarm = _alarm(platform, name, EndpointConfigName="unknown")
    rolling = _guarded(_rolling(1, 2 * MINUTE), alarm)
    cloudwatch = platform.server.client("cloudwatch")
    with Traffic(platform, name) as traffic:
        _update(platform, name, _second(platform, 2), DeploymentConfig=rolling)
        _wait_for_old(platform, name, 1)
        platform.delete_artifact(model)
        while _status(platform, name) == "Updating":
            cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="by hand")
        while _status(platform, name) == "RollingBack":
            time.sleep(0.05)
    assert traffic.failures == []
    described = platform.sagemaker.describe_endpoint(EndpointName=name)
    assert described["EndpointStatus"] == "UpdateRollbackFailed"
    assert "The rollback failed" in described["FailureReason"]
    assert {platform.invoke(name, "name") for _ in range(20)} == {"first", "second"}
    config = platform.config(variant(platform.model()))
    code, _ = refusal(
        platform.sagemaker.update_endpoint, EndpointName=name, EndpointConfigName=config
    )
    assert code == "ValidationException"
    platform.sagemaker.delete_endpoint(EndpointName=name)


def _status(platform: Platform, name: str) -> str:
    return str(platform.sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"])


def _wait_for_old(platform: Platform, name: str, count: int, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        (variant,) = platform.sagemaker.describe_endpoint(EndpointName=name)["ProductionVariants"]
        if variant["CurrentInstanceCount"] == count:
            return
        time.sleep(0.02)
    raise TimeoutError(f"{name} never had {count} old instances")


def test_model_that_does_not_come_up_ends_a_rolling_update(platform: Platform) -> None:
    good = platform.config(variant(platform.model(), InitialInstanceCount=2))
    name = platform.endpoint(good)
    platform.settled(name)
    bad = platform.config(variant(platform.model(BROKEN), InitialInstanceCount=2))
    with Traffic(platform, name) as traffic:
        _update(platform, name, bad, DeploymentConfig=_rolling(1, 0))
        _assert_rolled_back(platform, name, traffic, good, "did not pass the ping health check")
    assert traffic.failures == []


def test_work_that_takes_too_long_rolls_back(platform: Platform) -> None:
    """Two of the 600 seconds remain for the work, after the wait."""
    good = platform.config(variant(platform.model()))
    name = platform.endpoint(good)
    platform.settled(name)
    slow = platform.config(variant(platform.model("import time\ntime.sleep(30)\n")))
    deployment = _blue_green("ALL_AT_ONCE", 598)
    deployment["BlueGreenUpdatePolicy"]["MaximumExecutionTimeoutInSeconds"] = 600
    with Traffic(platform, name) as traffic:
        _update(platform, name, slow, DeploymentConfig=deployment)
        _assert_rolled_back(platform, name, traffic, good, "MaximumExecutionTimeoutInSeconds")
    assert traffic.failures == []
