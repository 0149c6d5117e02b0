"""Policies are put, changed and removed; instances really follow them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from prodml.autoscaling import suspended
from prodml.autoscaling.policies import Metric, Step, StepScaling, TargetTracking
from prodml.autoscaling.registrations import scaled_variant
from prodml.autoscaling.scaling import Scaling, Schedule
from prodml.aws.client import Aws
from prodml.operators.autoscaling import AutoscalingOperator, RestoreScalingOperator
from prodml.operators.deletion import DeleteEndpointOperator

from include.local_aws.testing import Server
from tests.plugins.runs import Ti, deploying, linked_page, run

QUEUE = Metric("shop", "OrdersWaiting", "Maximum", {"Shop": "main"})


@pytest.fixture(scope="module")
def endpoint(server: Server, connection: None, package: str) -> Iterator[str]:
    """One for all tests of this module: each replaces what the one before it has put there."""
    name, ti = "scaled", Ti("scaled")
    run(deploying(name, package), ti)
    yield name
    deleted = run(DeleteEndpointOperator(task_id="delete", endpoint=name, poll_interval=0.1), ti)
    assert f"prodml/{name}/AllTraffic/prodml-queue" in deleted["deleted"]["alarms"]


def _scale(endpoint: str, ti: Ti, *policies: Any, **arguments: Any) -> dict[str, Any]:
    schedules = arguments.pop("schedules", ())
    operator = AutoscalingOperator(
        task_id="scale",
        endpoint=endpoint,
        scaling=Scaling(policies, schedules),
        **arguments,
    )
    return dict(run(operator, ti))


def _until_instances(sagemaker: Any, endpoint: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        variant = sagemaker.describe_endpoint(EndpointName=endpoint)["ProductionVariants"][0]
        if variant["CurrentInstanceCount"] == count:
            return
        time.sleep(0.1)
    raise TimeoutError(f"{endpoint} has not {count} instances: {variant}")


def test_only_a_new_target_gets_the_companys_tags(
    endpoint: str, server: Server, ti: Ti, company: None
) -> None:
    """AWS refuses tags of a target that is registered already."""
    autoscaling = server.client("application-autoscaling")
    for _ in "ab":
        _scale(endpoint, ti, TargetTracking(100))
    resource = scaled_variant(endpoint, "AllTraffic")["ResourceId"]
    described = autoscaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[resource]
    )
    arn = described["ScalableTargets"][0]["ScalableTargetARN"]
    assert autoscaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "ml"}


def test_policies_are_put_changed_and_removed(endpoint: str, server: Server, ti: Ti) -> None:
    night = Schedule("night", "cron(0 20 * * ? *)", 1, 1, "Europe/Berlin")
    tracking = TargetTracking(50, QUEUE, 10, 20, disable_scale_in=True, name="prodml-orders")
    result = _scale(endpoint, ti, TargetTracking(100), tracking, schedules=[night])
    assert list(result["policies"]) == ["prodml-target-tracking", "prodml-orders"]
    assert result["policies"]["prodml-orders"]
    assert result["schedules"] == ["prodml-night"]
    assert "InService" in linked_page(ti)

    scaling = server.client("application-autoscaling")
    place = {"ServiceNamespace": "sagemaker", "ResourceId": result["resource_id"]}
    policies = scaling.describe_scaling_policies(**place, PolicyNames=["prodml-orders"])
    config = policies["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]
    assert (config["ScaleOutCooldown"], config["ScaleInCooldown"]) == (10, 20)
    assert config["DisableScaleIn"] is True
    assert config["CustomizedMetricSpecification"]["MetricName"] == "OrdersWaiting"
    (action,) = scaling.describe_scheduled_actions(**place)["ScheduledActions"]
    assert (action["Schedule"], action["Timezone"]) == (night.at, "Europe/Berlin")

    result = _scale(endpoint, ti, TargetTracking(200), max_capacity="3")
    assert result["max"] == 3
    (policy,) = scaling.describe_scaling_policies(**place)["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 200
    assert scaling.describe_scheduled_actions(**place)["ScheduledActions"] == []


def _scaling(server: Server, endpoint: str) -> tuple[list[Any], ...]:
    """The target's bounds, policies and schedules: all that must survive."""
    client = server.client("application-autoscaling")
    resource = f"endpoint/{endpoint}/variant/AllTraffic"
    asked = {"ServiceNamespace": "sagemaker", "ResourceId": resource}
    targets = client.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[resource]
    )["ScalableTargets"]
    policies = client.describe_scaling_policies(**asked)["ScalingPolicies"]
    actions = client.describe_scheduled_actions(**asked)["ScheduledActions"]
    return (
        [(target["MinCapacity"], target["MaxCapacity"]) for target in targets],
        [(p["PolicyName"], p.get("TargetTrackingScalingPolicyConfiguration")) for p in policies],
        [(action["ScheduledActionName"], action["ScalableTargetAction"]) for action in actions],
    )


NIGHT = Schedule("night", "cron(0 20 * * ? *)", 1, 1)
OFF: tuple[list[Any], ...] = ([], [], [])


@pytest.mark.parametrize("rescue", ["sweep", "next deployment"])
def test_a_lost_task_loses_no_scaling(
    rescue: str, endpoint: str, package: str, server: Server, sagemaker: Any, ti: Ti
) -> None:
    """As after a kill -9, or when the deferred task is marked failed: no task continues."""
    _scale(endpoint, ti, TargetTracking(90), max_capacity=4, schedules=[NIGHT])
    before = _scaling(server, endpoint)
    kind = {"sweep": "ml.c5.large", "next deployment": "ml.c5.xlarge"}[rescue]
    lost: Any = deploying(endpoint, package, instance_type=kind, deferrable=True)
    with pytest.raises(TaskDeferred):
        lost.execute({"ti": ti})
    assert _scaling(server, endpoint) == OFF
    sagemaker.get_waiter("endpoint_in_service").wait(
        EndpointName=endpoint, WaiterConfig={"Delay": 1}
    )
    if rescue == "sweep":
        assert run(RestoreScalingOperator(task_id="sweep"), ti) == {"restored": []}  # in its grace
        swept = run(RestoreScalingOperator(task_id="sweep", grace=0), ti)
        assert swept == {"restored": [endpoint]}
    else:
        run(deploying(endpoint, package, instance_type=kind), ti)
    assert _scaling(server, endpoint) == before
    assert run(RestoreScalingOperator(task_id="sweep", grace=0), ti) == {"restored": []}


def test_what_is_not_given_stays(endpoint: str, server: Server, ti: Ti) -> None:
    """An empty form must not take instances from production: AWS moves them into new bounds."""
    _scale(endpoint, ti, TargetTracking(555, scale_in_cooldown=7, disable_scale_in=True))
    _scale(endpoint, ti, min_capacity=1, max_capacity=8, prune=False)
    before = _scaling(server, endpoint)
    form = TargetTracking("None", scale_in_cooldown="None", disable_scale_in="")
    result = _scale(endpoint, ti, form, min_capacity="None", max_capacity="None")
    assert (result["min"], result["max"]) == (1, 8)
    assert _scaling(server, endpoint) == before
    run(AutoscalingOperator(task_id="scale", endpoint=endpoint), ti)
    assert _scaling(server, endpoint) == before


def test_what_an_update_took_off_does_not_come_back_over_what_is_newer(
    endpoint: str, server: Server, sagemaker: Any, ti: Ti
) -> None:
    _scale(endpoint, ti, TargetTracking(100), min_capacity=1, max_capacity=2)
    suspended.take_off(Aws(), sagemaker.describe_endpoint(EndpointName=endpoint), ["AllTraffic"])
    _scale(endpoint, ti, TargetTracking(100), max_capacity=8)
    run(RestoreScalingOperator(task_id="sweep", grace=0), ti)
    assert _scaling(server, endpoint)[0] == [(1, 8)]


def test_the_first_bounds_are_those_of_an_unregistered_variant(
    endpoint: str, server: Server, ti: Ti
) -> None:
    place = scaled_variant(endpoint, "AllTraffic")
    server.client("application-autoscaling").deregister_scalable_target(**place)
    operator = AutoscalingOperator(
        task_id="scale",
        endpoint=endpoint,
        scaling=Scaling([TargetTracking(None, first=77)]),
        first=(1, 3),
    )
    result = run(operator, ti)
    assert (result["min"], result["max"]) == (1, 3)
    (_, policy) = _scaling(server, endpoint)[1][0]
    assert (policy["TargetValue"], policy["ScaleInCooldown"]) == (77, 300)


def test_steps_add_instances_by_a_metric_of_one_s_own(
    endpoint: str, server: Server, sagemaker: Any, ti: Ti
) -> None:
    steps = StepScaling(QUEUE, 100, [Step(0, 1), Step(50, 2)], cooldown=0, name="prodml-queue")
    result = _scale(endpoint, ti, steps, max_capacity=3)
    assert result["policies"] == {"prodml-queue": [f"prodml/{endpoint}/AllTraffic/prodml-queue"]}
    server.client("cloudwatch").put_metric_data(
        Namespace="shop",
        MetricData=[
            {
                "MetricName": "OrdersWaiting",
                "Value": 160,
                "Dimensions": [{"Name": "Shop", "Value": "main"}],
            }
        ],
    )
    _until_instances(sagemaker, endpoint, 3)


def test_bounds_the_wrong_way_round_are_refused(endpoint: str, ti: Ti) -> None:
    with pytest.raises(ValueError, match="Lower it"):
        _scale(endpoint, ti, TargetTracking(), min_capacity=3, max_capacity=2)
