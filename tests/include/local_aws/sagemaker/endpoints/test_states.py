from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints import states
from include.local_aws.sagemaker.endpoints.state_machine import ImpossibleMoveError
from include.local_aws.wire.errors import AwsError


def _endpoint(aws: Aws, status: str) -> dict[str, Any]:
    doc = {"EndpointName": "churn", "EndpointArn": "arn:churn", "EndpointStatus": status}
    aws.store.insert(states.KIND, "churn", doc)
    return doc


@pytest.mark.parametrize(
    ("status", "to"), [("InService", "Creating"), ("Failed", "InService"), ("Deleting", "Failed")]
)
def test_impossible_move_is_refused_and_changes_nothing(aws: Aws, status: str, to: str) -> None:
    _endpoint(aws, status)
    with pytest.raises(ImpossibleMoveError, match=f"cannot become {to}: it is {status}"):
        states.move(aws, "churn", to)
    assert (aws.store.get(states.KIND, "churn") or {})["EndpointStatus"] == status


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
