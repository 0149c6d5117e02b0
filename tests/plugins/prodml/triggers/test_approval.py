"""Answers to an approval, in Airflow or in a real model registry, whichever comes first."""

from __future__ import annotations

import asyncio
import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.sdk.api.datamodels._generated import HITLDetailResponse, HITLUser
from airflow.sdk.execution_time import task_runner
from botocore.exceptions import ClientError
from prodml.aws.client import Aws
from prodml.exceptions import InvalidInputError
from prodml.operators.approval import ANSWERS
from prodml.triggers.approval import ApprovalTrigger
from structlog.testing import capture_logs

from tests.plugins.conftest import register
from tests.plugins.runs import first_event

PENDING = "PendingManualApproval"


class Comms:
    """The triggerer's supervisor, with the one required action that it asks Airflow for."""

    def __init__(self) -> None:
        self.answer: list[str] = []
        self.by: HITLUser | None = None
        self.reads = threading.Semaphore(0)

    def send(self, msg: Any) -> HITLDetailResponse:
        if type(msg).__name__ == "UpdateHITLDetail":
            if self.answer:
                raise RuntimeError("409: the response has been received already")
            self.answer = msg.chosen_options
        self.reads.release()
        return HITLDetailResponse(
            response_received=bool(self.answer),
            responded_by_user=self.by,
            responded_at=datetime.now(UTC) if self.answer else None,
            chosen_options=self.answer or None,
            params_input={},
        )


@pytest.fixture
def comms(monkeypatch: pytest.MonkeyPatch) -> Comms:
    comms = Comms()
    monkeypatch.setattr(task_runner, "SUPERVISOR_COMMS", comms, raising=False)
    return comms


@pytest.fixture
def pending(sagemaker: Any, trained: dict[str, Any]) -> str:
    arn = register(sagemaker, trained["container"])
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus=PENDING)
    return arn


def waiting(
    arn: str, until: timedelta = timedelta(minutes=1), connection: Aws | None = None
) -> ApprovalTrigger:
    """Return the trigger as a triggerer makes it, from what was stored."""
    trigger = ApprovalTrigger(
        ti_id=uuid.uuid4(),
        options=[*ANSWERS.values()],
        defaults=["Reject"],
        params={},
        timeout_datetime=datetime.now(UTC) + until,
        poke_interval=0.05,
        model_package_arn=arn,
        aws=(connection or Aws()).arguments(),
        answers=ANSWERS,
        check_interval=0.05,
    )
    path, arguments = trigger.serialize()
    assert path == f"{ApprovalTrigger.__module__}.{ApprovalTrigger.__name__}"
    return ApprovalTrigger(**arguments)


def answered_after(trigger: ApprovalTrigger, comms: Comms, act: Any) -> Any:
    """Return the event that follows *act*, which is called once the trigger waits."""

    async def run() -> Any:
        event = asyncio.ensure_future(first_event(trigger))
        await asyncio.to_thread(lambda: [comms.reads.acquire(timeout=30) for _ in range(3)])
        assert not event.done()
        await asyncio.to_thread(act)
        return await asyncio.wait_for(event, 30)

    return asyncio.run(run())


@pytest.mark.parametrize(("status", "chosen"), [("Approved", "Approve"), ("Rejected", "Reject")])
def test_the_registrys_status_is_an_answer_and_resolves_the_required_action(
    sagemaker: Any, pending: str, comms: Comms, status: str, chosen: str
) -> None:
    def act() -> None:
        sagemaker.update_model_package(ModelPackageArn=pending, ModelApprovalStatus=status)

    event = answered_after(waiting(pending), comms, act)
    assert event["chosen_options"] == [chosen]
    assert event["responded_at"]
    assert comms.answer == [chosen]


def test_an_answer_in_airflow_comes_through_with_its_user(
    sagemaker: Any, pending: str, comms: Comms
) -> None:
    def act() -> None:
        comms.by = HITLUser(id="1", name="ann")
        comms.answer = ["Approve"]

    event = answered_after(waiting(pending), comms, act)
    assert event["chosen_options"] == ["Approve"]
    assert event["responded_by_user"] == {"id": "1", "name": "ann"}
    assert (
        sagemaker.describe_model_package(ModelPackageName=pending)["ModelApprovalStatus"] == PENDING
    )


def test_no_answer_in_time_is_the_default(pending: str, comms: Comms) -> None:
    event = asyncio.run(first_event(waiting(pending, until=timedelta(seconds=-1))))
    assert (event["chosen_options"], event["timedout"]) == (["Reject"], True)


def test_of_two_answers_the_one_that_airflow_has_stored_counts(
    sagemaker: Any, pending: str, comms: Comms
) -> None:
    """Both are there when a triggerer restarts: the registry's cannot be stored any more."""
    sagemaker.update_model_package(ModelPackageArn=pending, ModelApprovalStatus="Approved")
    comms.answer, comms.by = ["Reject"], HITLUser(id="1", name="ann")
    event = asyncio.run(first_event(waiting(pending)))
    assert event["chosen_options"] == ["Reject"]


@pytest.mark.parametrize("until", [timedelta(minutes=1), timedelta(seconds=-1)])
def test_a_stored_answer_without_a_user_survives_a_restart(
    sagemaker: Any, pending: str, comms: Comms, until: timedelta
) -> None:
    """The registry or the time-out gave it before the triggerer restarted."""
    comms.answer = ["Approve"]
    event = asyncio.run(first_event(waiting(pending, until)))
    assert (event["chosen_options"], event["responded_by_user"]) == (["Approve"], None)


def test_an_outage_of_aws_delays_the_registrys_answer(
    server: Any, sagemaker: Any, pending: str, comms: Comms
) -> None:
    sagemaker.update_model_package(ModelPackageArn=pending, ModelApprovalStatus="Approved")
    fault = {"operation": "DescribeModelPackage", "error": "ServiceUnavailable", "count": 2}
    impatient = Aws(botocore_config={"retries": {"total_max_attempts": 1}})
    with server.faults(fault | {"status": 503}), capture_logs() as said:
        event = asyncio.run(first_event(waiting(pending, connection=impatient)))
    assert event["chosen_options"] == ["Approve"]
    assert sum("Cannot read the approval status" in str(entry) for entry in said) == 2


def test_version_that_was_deleted_fails_the_task(
    sagemaker: Any, pending: str, comms: Comms
) -> None:
    sagemaker.delete_model_package(ModelPackageName=pending)
    with pytest.raises(ClientError, match="does not exist"):
        asyncio.run(first_event(waiting(pending)))


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "not-answered"])
def test_registrys_answer_that_airflow_refuses_counts_for_nothing(
    answered: bool,
    sagemaker: Any,
    pending: str,
    comms: Comms,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Airflow refuses a second answer, which a user gave since the registry was read."""
    sagemaker.update_model_package(ModelPackageArn=pending, ModelApprovalStatus="Approved")
    send = comms.send

    def refused(msg: Any) -> HITLDetailResponse:
        if type(msg).__name__ != "UpdateHITLDetail":
            return send(msg)
        if answered:
            comms.answer, comms.by = ["Reject"], HITLUser(id="1", name="ann")
        raise RuntimeError("409: refused")

    monkeypatch.setattr(comms, "send", refused)
    if answered:
        assert asyncio.run(first_event(waiting(pending)))["chosen_options"] == ["Reject"]
    else:
        with pytest.raises(RuntimeError, match="409: refused"):
            asyncio.run(first_event(waiting(pending)))


def test_dag_test_which_cannot_answer_is_refused(
    pending: str, comms: Comms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comms, "send", lambda msg: None)  # as its supervisor does
    with pytest.raises(InvalidInputError, match=r"dag\.test\(\) runs no triggerer.*auto_approve"):
        asyncio.run(first_event(waiting(pending)))
