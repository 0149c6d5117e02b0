from __future__ import annotations

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.autoscaling import activities, targets
from tests.include.local_aws.autoscaling.world import (
    World,
)


def test_activity_has_its_cause(world: World) -> None:
    world.track()
    world.minutes(250, 250, 250)
    (activity,) = world.activities()
    assert activity["StatusCode"] == "Successful"
    assert activity["Description"] == "Setting desired instance count to 3."
    assert "-AlarmHigh-" in activity["Cause"]
    assert "in state ALARM triggered policy follow" in activity["Cause"]


def test_alarm_without_effect_has_its_reason(world: World) -> None:
    world.track(high=1)
    world.minutes(250, 250, 250, 250)
    assert world.activities() == []
    (activity,) = world.activities(IncludeNotScaledActivities=True)
    assert activity["Description"] == "Attempting to scale due to alarm triggered"
    assert activity["NotScaledReasons"] == [{"Code": "AlreadyAtMaxCapacity", "MaxCapacity": 1}]
    world.minutes(*[10] * 15)
    latest = world.activities(IncludeNotScaledActivities=True)[0]
    assert latest["NotScaledReasons"] == [{"Code": "AlreadyAtMinCapacity", "MinCapacity": 1}]


def test_repeated_reason_for_not_scaling_is_noted_once(world: World) -> None:
    world.track()
    target = targets.find(world.aws, "churn", "AllTraffic") or {}
    for _ in range(3):
        activities.not_scaled(world.aws, target, "alarm", "AlreadyAtMaxCapacity", 4)
    assert len(world.activities(IncludeNotScaledActivities=True)) == 1
    activities.not_scaled(world.aws, target, "alarm", "AlreadyAtMinCapacity", 1)
    assert len(world.activities(IncludeNotScaledActivities=True)) == 2


def test_activity_ends_with_its_status(world: World) -> None:
    world.track()
    target = targets.find(world.aws, "churn", "AllTraffic") or {}
    begun = activities.begin(world.aws, target, 2, "a cause")
    assert [item["StatusCode"] for item in world.activities()] == ["InProgress"]
    activities.end(world.aws, begun, "Successful", "Successfully set desired instance count to 2.")
    (activity,) = world.activities()
    assert (activity["StatusCode"], activity["EndTime"]) == ("Successful", world.clock.now())
