"""One inference component: what it serves is held to the request, and the reason is in the error.

Updates on the embedded AWS are in tests/plugins/prodml/operators/test_component.py.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.endpoints.hosted import NOTE, TRIES, Hosted, serves
from prodml.exceptions import DeploymentError, OvertakenError, RequestRefusedError, RolledBackError
from prodml.vocabulary import Json

from tests.plugins.clients import connected

NEEDS = {"MinMemoryRequiredInMb": 1024, "NumberOfCpuCoresRequired": 1.0}
WANTED: Json = {"ModelName": "new", "ComputeResourceRequirements": NEEDS}
PLACE = {"EndpointName": "fleet", "VariantName": "AllTraffic"}


def described(model: str = "new", status: str = "InService", **members: Any) -> Json:
    return {
        "InferenceComponentArn": "arn:churn",
        "InferenceComponentStatus": status,
        "EndpointName": "fleet",
        "Specification": WANTED | {"ModelName": model},
        "RuntimeConfig": {"DesiredCopyCount": 1},
    } | members


class Sagemaker:
    """SageMaker with one component or none, and the tags of that; a write is kept."""

    def __init__(self, description: Json | None, **tags: str) -> None:
        self.description = description
        self.tags = tags
        self.calls: list[tuple[str, Json]] = []
        self.failures: list[
            tuple[str, str]
        ] = []  # of writes: the error's code, and the status then

    def describe_inference_component(self, **_: str) -> Json:
        if self.description is None:
            error = {"Code": "ValidationException", "Message": "Could not find inference component"}
            raise ClientError({"Error": error}, "DescribeInferenceComponent")
        return self.description

    def list_tags(self, **_: str) -> Json:
        return {"Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()]}

    def add_tags(self, Tags: list[dict[str, str]], **_: str) -> None:  # noqa: N803
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}

    def create_inference_component(self, **request: Any) -> None:
        self._write("create", request)

    def update_inference_component(self, **request: Any) -> None:
        self._write("update", request)

    def delete_inference_component(self, **request: Any) -> None:
        self._write("delete", request)
        self.description = None

    def _write(self, method: str, request: Json) -> None:
        self.calls.append((method, request))
        if self.failures:
            code, status = self.failures.pop(0)
            if self.description:
                self.description["InferenceComponentStatus"] = status
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, method)


class Logs:
    """No container has written."""

    def describe_log_groups(self, **_: str) -> Json:
        return {"logGroups": []}


def hosted(sagemaker: Sagemaker) -> Hosted:
    return Hosted(connected(sagemaker=sagemaker, logs=Logs()), "churn", poll_interval=0.01)


def ask(sagemaker: Sagemaker, **how: Any) -> bool:
    return hosted(sagemaker).request(PLACE, WANTED, 2, [], how)


@pytest.mark.parametrize(
    ("specification", "expected"),
    [
        (WANTED, True),
        (WANTED | {"ComputeResourceRequirements": NEEDS | {"MaxMemoryRequiredInMb": 2048}}, True),
        (WANTED | {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}}, False),
        (WANTED | {"ModelName": "old"}, False),
        ({}, False),
    ],
    ids=["same", "more", "fewer-needs", "model", "nothing"],
)
def test_component_serves_a_model_with_its_needs(specification: Json, expected: bool) -> None:
    assert serves({"Specification": specification}, WANTED) is expected


CAPACITY = "InsufficientInstanceCapacity: try again"
BROKEN = "The container did not pass the ping health check."


@pytest.mark.parametrize(
    ("description", "kind", "sentence"),
    [
        (described("old", FailureReason=BROKEN), RolledBackError, "previous model still serves. "),
        (described("old", FailureReason=CAPACITY), DeploymentError, CAPACITY),
        (described("old"), OvertakenError, "with model old, not in service with new: no reason"),
        (described(status="Failed", FailureReason=BROKEN), DeploymentError, "is Failed with model"),
        (None, DeploymentError, "is gone with model None"),
    ],
    ids=["rolled-back", "no-capacity", "overtaken", "failed", "gone"],
)
def test_component_that_serves_another_model_is_an_error_with_its_reason(
    description: Json | None, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(DeploymentError) as failed:
        hosted(Sagemaker(description)).verified(WANTED, changed=True)
    assert failed.type is kind
    assert sentence in str(failed.value)
    assert "Correct what the error names." in str(failed.value)


def test_reason_of_an_earlier_update_counts_only_for_a_change() -> None:
    """SageMaker keeps the reason of a rollback, which may have been to the wanted model."""
    component = hosted(Sagemaker(described(FailureReason=BROKEN)))
    assert component.verified(WANTED, changed=False)["InferenceComponentStatus"] == "InService"
    with pytest.raises(RolledBackError):
        component.verified(WANTED, changed=True)


def test_component_that_does_not_exist_is_created_with_its_copies() -> None:
    sagemaker = Sagemaker(None)
    assert ask(sagemaker)
    ((method, request),) = sagemaker.calls
    assert (method, request["Specification"]) == ("create", WANTED)
    assert request["RuntimeConfig"] == {"CopyCount": 2}
    assert request["EndpointName"] == "fleet"


def test_update_keeps_the_copies_and_notes_the_way_back() -> None:
    sagemaker = Sagemaker(described("old"))
    assert ask(sagemaker, DeploymentConfig={"a": 1})
    ((method, request),) = sagemaker.calls
    assert method == "update"
    assert request.keys() == {"InferenceComponentName", "Specification", "DeploymentConfig"}
    assert sagemaker.tags == {NOTE: "old new"}
    assert hosted(sagemaker).before("new") == "old"
    assert hosted(sagemaker).before("another") is None


def test_way_back_is_to_the_model_that_was_verified_last() -> None:
    sagemaker = Sagemaker(described("unproved"), **{NOTE: "old unproved"})
    assert ask(sagemaker)
    assert sagemaker.tags == {NOTE: "old new"}


def test_component_without_copies_is_updated_in_no_batches() -> None:
    sagemaker = Sagemaker(described("old", RuntimeConfig={"DesiredCopyCount": 0}))
    assert ask(sagemaker, DeploymentConfig={"a": 1})
    assert "DeploymentConfig" not in sagemaker.calls[0][1]


def test_component_that_serves_the_model_already_is_not_updated() -> None:
    sagemaker = Sagemaker(described())
    assert not ask(sagemaker)
    assert sagemaker.calls == []


def test_component_of_another_endpoint_is_refused() -> None:
    with pytest.raises(RequestRefusedError, match="is on endpoint other, not on fleet"):
        ask(Sagemaker(described("old", EndpointName="other")))


def test_component_that_was_never_in_service_is_created_anew() -> None:
    sagemaker = Sagemaker(described("old", status="Failed"))
    assert ask(sagemaker)
    assert [method for method, _ in sagemaker.calls] == ["delete", "create"]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, in no time."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


def test_update_whose_response_is_lost_is_sent_once(waits: list[float]) -> None:
    sagemaker = Sagemaker(described("old"))
    sagemaker.failures = [("InternalFailure", "Updating")]
    assert ask(sagemaker)
    assert [method for method, _ in sagemaker.calls] == ["update"]
    assert waits == []


@pytest.mark.parametrize(
    ("description", "method"), [(described("old"), "update"), (None, "create")]
)
def test_throttled_request_is_sent_again_after_a_pause(
    description: Json | None, method: str, waits: list[float]
) -> None:
    sagemaker = Sagemaker(description)
    sagemaker.failures = [("ThrottlingException", "InService")]
    assert ask(sagemaker)
    assert [method for method, _ in sagemaker.calls] == [method, method]
    assert len(waits) == 1


def test_component_that_another_change_takes_each_time_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sagemaker = Sagemaker(described("old"))
    sagemaker.failures = [("ValidationException", "Updating")] * TRIES
    in_service = described("old")
    monkeypatch.setattr(Hosted, "settle", lambda _: in_service)
    with pytest.raises(DeploymentError, match=f"stays busy after {TRIES} tries. Check what"):
        ask(sagemaker)
    assert len(sagemaker.calls) == TRIES


def test_request_that_sagemaker_refuses_is_not_sent_again() -> None:
    sagemaker = Sagemaker(described("old"))
    sagemaker.failures = [("ValidationException", "InService")]
    with pytest.raises(RequestRefusedError, match="update_inference_component 'churn'"):
        ask(sagemaker)
    assert len(sagemaker.calls) == 1


def test_component_that_serves_nothing_has_no_versions_and_no_way_back() -> None:
    assert hosted(Sagemaker(described(status="Failed"))).packages() == []
    assert hosted(Sagemaker(None)).packages() == []
    assert hosted(Sagemaker(None)).before("new") is None


def test_only_the_unverified_model_is_replaced_by_the_old_one() -> None:
    sagemaker = Sagemaker(described("newer"))
    says = hosted(sagemaker).go_back(WANTED, "old")
    assert says == "Not rolled back: another change came in between, to newer."
    assert hosted(sagemaker).go_back(WANTED, None) == "There is no previous model to go back to."
    assert sagemaker.calls == []
