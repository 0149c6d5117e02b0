from __future__ import annotations

import asyncio

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from tests.include.local_aws.autoscaling.world import (
    RESOURCE,
    START,
    World,
    tick,
)


def test_scheduled_action_moves_the_bounds(world: World) -> None:
    world.track(high=2)
    world.schedule("rate(10 minutes)")
    world.minutes(*[20] * 9)
    assert world.instances == 1
    world.minutes(20)
    assert world.instances == 3
    scaled, bounds = world.activities()
    assert bounds["Cause"] == "scheduled action name morning was triggered"
    assert bounds["Description"] == "Setting min capacity to 3 and max capacity to 6"
    assert scaled["Cause"] == "minimum capacity was set to 3"


def test_scheduled_action_runs_once_for_missed_times(world: World) -> None:
    world.track()
    world.schedule("at(2023-11-14T22:20:00)")
    world.clock.advance(3600)
    world.minutes(20, 20)
    assert world.instances == 3
    assert len(world.activities()) == 2


@pytest.mark.parametrize(
    "members",
    [{"EndTime": START + 30}, {"StartTime": START + 3600}],
    ids=["after its end", "before its start"],
)
def test_scheduled_action_keeps_to_its_time(world: World, members: dict[str, float]) -> None:
    world.track()
    world.schedule("cron(0/5 * * * ? *)", **members)
    world.minutes(*[20] * 12)
    assert world.instances == 1


def test_suspended_schedule_moves_nothing(world: World) -> None:
    world.track()
    world.schedule("rate(5 minutes)")
    suspended = {"ScheduledScalingSuspended": True}
    world.call("RegisterScalableTarget", **RESOURCE, SuspendedState=suspended)
    world.minutes(*[20] * 12)
    assert world.instances == 1


def test_compressed_schedule_is_due_sooner(world: World) -> None:
    world.clock.scale = 60
    world.track()
    world.schedule("rate(1 hour)")
    world.clock.advance(59)
    asyncio.run(tick(world.aws))
    assert world.instances == 1
    world.clock.advance(2)
    asyncio.run(tick(world.aws))
    assert world.instances == 3
