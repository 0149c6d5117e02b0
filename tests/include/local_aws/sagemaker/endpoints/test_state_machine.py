"""The transitions of a stored resource, here of one that is open or closed."""

from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints import state_machine
from include.local_aws.sagemaker.endpoints.state_machine import ImpossibleMoveError, StateMachine

DOORS = StateMachine("door", "Door", {"Open": {"Closed"}, "Closed": {"Open"}, "Locked": set()})


def door(aws: Aws, status: str) -> None:
    aws.store.insert("door", "front", {"DoorName": "front", "DoorStatus": status})


def test_transition_stores_further_members(aws: Aws) -> None:
    door(aws, "Open")
    moved = DOORS.move(aws, "front", "Closed", Reason="wind")
    assert (moved["DoorStatus"], moved["Reason"]) == ("Closed", "wind")
    assert DOORS.get(aws, "front") == moved


def test_impossible_move_names_the_present_state(aws: Aws) -> None:
    door(aws, "Locked")
    assert not DOORS.allows({"DoorStatus": "Locked"}, "Open")
    with pytest.raises(ImpossibleMoveError, match="Door front cannot become Open: it is Locked"):
        DOORS.move(aws, "front", "Open")


def test_deleted_resource_does_not_change_its_state(aws: Aws) -> None:
    with pytest.raises(ImpossibleMoveError, match="it is gone"):
        DOORS.move(aws, "front", "Open")
    with pytest.raises(ImpossibleMoveError, match="Door front was deleted during its update"):
        DOORS.get(aws, "front")


def test_end_of_work_is_stored_as_soon_as_the_disk_takes_it(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_machine, "RETRY_SECONDS", 0.001)
    door(aws, "Open")
    aws.store.query("PRAGMA query_only = ON")

    async def settle() -> None:
        settling = asyncio.create_task(DOORS.settle(aws, "front", "Closed"))
        await asyncio.sleep(0.01)
        assert not settling.done()
        aws.store.query("PRAGMA query_only = OFF")
        await settling

    asyncio.run(settle())
    assert DOORS.get(aws, "front")["DoorStatus"] == "Closed"


def test_impossible_end_of_work_is_not_retried(aws: Aws) -> None:
    door(aws, "Locked")
    with pytest.raises(ImpossibleMoveError):
        asyncio.run(asyncio.wait_for(DOORS.settle(aws, "front", "Open"), 10))
