"""The work of an update within its time limit, and waits that an alarm ends."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws.cloudwatch import alarms
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints.guardrails import Plan
from include.local_aws.sagemaker.endpoints.steps import Steps, UpdateStoppedError

WATCHED = Plan(alarms=("errors", "latency"), timeout=600)


def alarm(aws: Aws, name: str, state: str) -> None:
    aws.store.insert(alarms.KIND, name, {"AlarmName": name, "StateValue": state})


def test_work_beyond_the_limit_is_stopped_with_awss_words(aws: Aws) -> None:
    steps = Steps(aws, WATCHED, 0.01)
    with pytest.raises(UpdateStoppedError, match="MaximumExecutionTimeoutInSeconds of 600 seconds"):
        asyncio.run(steps.work(asyncio.Event().wait()))  # type: ignore[arg-type]


def test_the_limit_is_that_of_all_work_together(aws: Aws) -> None:
    steps = Steps(aws, WATCHED, 0.04)

    async def work_twice() -> None:
        await steps.work(asyncio.sleep(0.03))
        await steps.work(asyncio.sleep(0.03))

    with pytest.raises(UpdateStoppedError):
        asyncio.run(work_twice())


def test_a_failure_of_the_work_is_passed_on(aws: Aws) -> None:
    async def fail() -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError):
        asyncio.run(Steps(aws, WATCHED, 60).work(fail()))


def test_an_alarm_ends_a_wait_at_once_and_is_named(aws: Aws) -> None:
    alarm(aws, "errors", "OK")
    alarm(aws, "latency", "ALARM")
    alarm(aws, "of-another-update", "ALARM")
    with pytest.raises(UpdateStoppedError, match=r"in ALARM state: \['latency'\]\. The update was"):
        asyncio.run(asyncio.wait_for(Steps(aws, WATCHED, 60).bake(600), 10))


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA", None])
def test_a_wait_passes_while_no_alarm_fires_and_lasts_by_the_scaled_clock(
    aws: Aws, state: str | None
) -> None:
    if state:
        alarm(aws, "errors", state)
    aws.clock.scale = 1e5
    asyncio.run(asyncio.wait_for(Steps(aws, WATCHED, 0).bake(600), 10))
