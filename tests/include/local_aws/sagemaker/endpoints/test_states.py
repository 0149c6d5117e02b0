from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints import state_machine, states
from include.local_aws.sagemaker.endpoints.state_machine import ImpossibleMoveError
from include.local_aws.wire.errors import AwsError


def _endpoint(aws: Aws, status: str) -> dict[str, Any]:
    doc = {"EndpointName": "churn", "EndpointArn": "arn:churn", "EndpointStatus": status}
    aws.store.insert(states.KIND, "churn", doc)
    return doc


def test_transition_stores_further_members(aws: Aws) -> None:
    _endpoint(aws, "Creating")
    moved = states.move(aws, "churn", "Failed", FailureReason="no capacity")
    assert (moved["EndpointStatus"], moved["FailureReason"]) == ("Failed", "no capacity")
    assert aws.store.get(states.KIND, "churn") == moved


@pytest.mark.parametrize(
    ("status", "to"), [("InService", "Creating"), ("Failed", "InService"), ("Deleting", "Failed")]
)
def test_impossible_move_is_refused_and_changes_nothing(aws: Aws, status: str, to: str) -> None:
    _endpoint(aws, status)
    with pytest.raises(ImpossibleMoveError, match=f"cannot become {to}: it is {status}"):
        states.move(aws, "churn", to)
    assert (aws.store.get(states.KIND, "churn") or {})["EndpointStatus"] == status


def test_deleted_endpoint_does_not_change_its_state(aws: Aws) -> None:
    with pytest.raises(ImpossibleMoveError, match="it is gone"):
        states.move(aws, "churn", "InService")


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("Updating", 'Cannot update in-progress endpoint "arn:churn".'),
        ("Failed", 'Cannot update endpoint "arn:churn" in Failed state. Delete it instead.'),
    ],
)
def test_request_in_the_wrong_state_is_refused(aws: Aws, status: str, message: str) -> None:
    with pytest.raises(AwsError) as caught:
        states.require(_endpoint(aws, status), "Updating")
    assert caught.value.message == message
    states.require({"EndpointStatus": "InService"}, "Updating")


def test_end_of_work_is_stored_as_soon_as_the_disk_takes_it(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_machine, "RETRY_SECONDS", 0.001)
    _endpoint(aws, "Creating")
    aws.store.query("PRAGMA query_only = ON")

    async def settle() -> None:
        settling = asyncio.create_task(states.settle(aws, "churn", "InService"))
        await asyncio.sleep(0.01)
        assert not settling.done()
        aws.store.query("PRAGMA query_only = OFF")
        await settling

    asyncio.run(settle())
    assert (aws.store.get(states.KIND, "churn") or {})["EndpointStatus"] == "InService"
