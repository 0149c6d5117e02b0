from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.include.local_aws.models import Platform
from tests.include.local_aws.refusals import refusal


@pytest.fixture(scope="module")
def autoscaling(platform: Platform) -> Any:
    return platform.server.client("application-autoscaling")


@pytest.fixture(scope="module")
def resource(autoscaling: Any, endpoint: str) -> Iterator[dict[str, str]]:
    place = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    autoscaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=2)
    yield place
    autoscaling.deregister_scalable_target(**place)  # other files update the endpoint


def _put(autoscaling: Any, resource: dict[str, str], name: str, **members: Any) -> None:
    action = {"Schedule": "cron(0 8 ? * MON-FRI *)", "ScalableTargetAction": {"MinCapacity": 1}}
    autoscaling.put_scheduled_action(**resource, ScheduledActionName=name, **(action | members))


def _described(autoscaling: Any, resource: dict[str, str], name: str) -> list[dict[str, Any]]:
    response = autoscaling.describe_scheduled_actions(**resource, ScheduledActionNames=[name])
    return list(response["ScheduledActions"])


def test_action_is_described_changed_and_deleted(
    autoscaling: Any, resource: dict[str, str]
) -> None:
    _put(autoscaling, resource, "morning", Timezone="Europe/Berlin")
    (made,) = _described(autoscaling, resource, "morning")
    assert made["Timezone"] == "Europe/Berlin"
    assert made["ScheduledActionARN"].endswith(":scheduledActionName/morning")
    autoscaling.put_scheduled_action(
        **resource, ScheduledActionName="morning", Schedule="rate(1 day)"
    )
    (changed,) = _described(autoscaling, resource, "morning")
    assert changed["Schedule"] == "rate(1 day)"
    assert changed["ScalableTargetAction"] == {"MinCapacity": 1}
    assert changed["CreationTime"] == made["CreationTime"]
    autoscaling.delete_scheduled_action(**resource, ScheduledActionName="morning")
    assert _described(autoscaling, resource, "morning") == []


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Schedule": "daily"}, "not at(...)"),
        ({"Timezone": "Mars/Base"}, "'Mars/Base' is unknown"),
        ({"ScalableTargetAction": {}}, "needs a Schedule and a ScalableTargetAction"),
        (
            {"ScalableTargetAction": {"MinCapacity": 3, "MaxCapacity": 2}},
            "Maximum capacity cannot be less",
        ),
        ({"StartTime": 20, "EndTime": 10}, "must be after its StartTime"),
    ],
)
def test_bad_action_is_refused(
    autoscaling: Any, resource: dict[str, str], members: dict[str, Any], message: str
) -> None:
    code, refused = refusal(lambda: _put(autoscaling, resource, "bad", **members))
    assert code == "ValidationException"
    assert message in refused


def test_unknown_action_is_refused(autoscaling: Any, resource: dict[str, str]) -> None:
    code, message = refusal(
        autoscaling.delete_scheduled_action, **resource, ScheduledActionName="nosuch"
    )
    assert code == "ObjectNotFoundException"
    assert message.startswith("No scheduled action found")
