"""The faults that are accepted, and when they are injected."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.faults.book import Faults
from include.local_aws.wire.errors import AwsError

THROTTLED = {"operation": "ListModels", "error": "ThrottlingException"}


def test_operation_fault_strikes_until_its_count_runs_out() -> None:
    faults = Faults()
    faults.add(THROTTLED | {"count": 1})
    assert faults.strike("ListTrials") is None
    fault = faults.strike("ListModels")
    assert fault is not None
    assert (fault.error, fault.when) == ("ThrottlingException", "before")
    assert faults.strike("ListModels") is None
    assert faults.described()[0]["hits"] == 1


def test_resource_fault_strikes_a_whole_name_once() -> None:
    faults = Faults()
    faults.add({"resource": "training-job", "name": "churn-.*", "event": "fail"})
    assert faults.take("training-job", "not-churn-1", "fail") is None
    assert faults.take("training-job", "churn-1", "capacity") is None
    assert faults.take("training-job", "churn-1", "capacity", "fail") == (
        "AlgorithmError: An injected fault."
    )
    assert faults.take("training-job", "churn-1", "fail") is None


def test_running_resource_waits_for_its_fault() -> None:
    async def check() -> str:
        faults = Faults()
        waiting = asyncio.create_task(faults.wait("endpoint", "e", "instance-dies"))
        await asyncio.sleep(0)
        faults.add(THROTTLED)
        faults.add({"resource": "endpoint", "event": "instance-dies", "reason": "Power cut."})
        return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(check()) == "Power cut."


def test_cleared_faults_strike_no_more() -> None:
    faults = Faults()
    faults.add(THROTTLED)
    faults.clear()
    assert (faults.strike("ListModels"), faults.described()) == (None, [])


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"operation": "InventMachine", "error": "E"}, "no service here has an operation"),
        ({"operation": "ListModels"}, "give it an error, a delay_ms, or both"),
        (THROTTLED | {"probability": 2}, "probability"),
        (THROTTLED | {"hits": 3}, "hits"),
        (THROTTLED | {"delay_ms": float("inf")}, "delay_ms"),
        (THROTTLED | {"unknown": 1}, "unknown"),
        ({"resource": "volcano", "event": "fail"}, "resource"),
        ({"resource": "endpoint", "event": "fail"}, r"has no event 'fail'; use \['update-fails'"),
        ({"resource": "endpoint", "event": "instance-dies", "name": "("}, "name"),
        ({"resource": "endpoint", "event": "instance-dies", "name": "a{99999999999}"}, "name"),
        ("text", "docs/how-to/inject-faults.md"),
    ],
)
def test_invalid_fault_is_refused_with_the_reason(fault: Any, why: str) -> None:
    with pytest.raises(AwsError, match=why) as refused:
        Faults().add(fault)
    assert refused.value.code == "ValidationException"
