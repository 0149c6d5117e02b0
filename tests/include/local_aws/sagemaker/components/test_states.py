from __future__ import annotations

import pytest

from include.local_aws.sagemaker.components.states import MACHINE, require
from include.local_aws.wire.errors import AwsError

ARN = "arn:aws:sagemaker:us-east-1:000000000000:inference-component/a"


def component(status: str) -> dict[str, str]:
    return {"InferenceComponentArn": ARN, "InferenceComponentStatus": status}


@pytest.mark.parametrize(
    ("now", "status"),
    [("InService", "Updating"), ("InService", "Deleting"), ("Failed", "Deleting")],
)
def test_component_at_rest_may_change(now: str, status: str) -> None:
    require(component(now), status)


@pytest.mark.parametrize(
    ("now", "progress"), [("Creating", "CREATE"), ("Updating", "UPDATE"), ("Deleting", "DELETE")]
)
@pytest.mark.parametrize("status", ["Updating", "Deleting"])
def test_component_in_progress_is_left_alone(now: str, progress: str, status: str) -> None:
    with pytest.raises(AwsError, match=f"{progress}_IN_PROGRESS. Wait until") as refused:
        require(component(now), status)
    assert f'"{ARN}"' in refused.value.message


def test_component_that_failed_can_only_be_deleted() -> None:
    with pytest.raises(AwsError, match=r"in Failed state\. Delete it\."):
        require(component("Failed"), "Updating")


def test_every_state_has_its_moves() -> None:
    assert set().union(*MACHINE.moves.values()) <= MACHINE.moves.keys()
    assert not MACHINE.allows(component("Updating"), "Failed")  # it is rolled back instead
