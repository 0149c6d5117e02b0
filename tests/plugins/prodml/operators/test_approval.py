from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from airflow.sdk.exceptions import TaskDeferred
from airflow.sdk.execution_time.context import set_current_context
from prodml.exceptions import RequestRefusedError
from prodml.notifications.outbox import take
from prodml.operators.approval import ApproveModelPackageOperator
from prodml.triggers.approval import ApprovalTrigger

from tests.plugins.conftest import register
from tests.plugins.receivers import Notify, Topic
from tests.plugins.runs import Ti, run


@pytest.fixture
def pending(sagemaker: Any, trained: dict[str, Any]) -> str:
    """A version that waits for approval."""
    arn = register(sagemaker, trained["container"])
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="PendingManualApproval")
    return arn


def gate(arn: str, **arguments: Any) -> ApproveModelPackageOperator:
    return ApproveModelPackageOperator(task_id="approve", model_package_arn=arn, **arguments)


def status(sagemaker: Any, arn: str) -> tuple[str, str]:
    description = sagemaker.describe_model_package(ModelPackageName=arn)
    return description["ModelApprovalStatus"], description.get("ApprovalDescription", "")


@pytest.mark.parametrize("asked", [True, "True"])
def test_auto_approve_needs_no_answer(
    sagemaker: Any, pending: str, ti: Ti, asked: bool | str
) -> None:
    answer = run(gate(pending, auto_approve=asked), ti)
    assert (answer["approval"], answer["by"]) == ("Approved", "auto_approve")
    assert status(sagemaker, pending) == ("Approved", "Approved without being asked.")
    assert run(gate(pending), ti)["why"] == "It is approved already."


@pytest.mark.parametrize(
    ("event", "approval", "why"),
    [
        ({"chosen_options": ["Approve"]}, "Approved", "Approve by ann."),
        ({"chosen_options": ["Reject"]}, "Rejected", "Reject by ann."),
        (
            {"chosen_options": ["Reject"], "timedout": True},
            "Rejected",
            "No answer within 24 hours.",
        ),
    ],
)
def test_the_version_gets_the_answer_as_its_status(
    sagemaker: Any, pending: str, ti: Ti, event: dict[str, Any], approval: str, why: str
) -> None:
    full = {
        "params_input": {},
        "responded_at": datetime.now(UTC),
        "responded_by_user": {"id": "1", "name": "ann"},
    } | event
    context: Any = {"ti": ti}
    with set_current_context(context):
        answer = gate(pending).execute_complete(context, full)
    assert answer["approval"] == approval
    version = pending.partition("/")[2]
    note = f"Version {version} was PendingManualApproval and is {approval}: {why}"
    assert ti.pushed["run_note"] == [note]
    assert status(sagemaker, pending) == (approval, why)


@pytest.mark.parametrize(("answer", "chosen"), [("Approved", "Reject"), ("Rejected", "Approve")])
def test_an_answer_in_the_registry_that_came_first_counts_and_stays_as_it_is(
    sagemaker: Any, pending: str, ti: Ti, answer: str, chosen: str
) -> None:
    sagemaker.update_model_package(
        ModelPackageArn=pending, ModelApprovalStatus=answer, ApprovalDescription="By the board"
    )
    event = {"params_input": {}, "responded_at": datetime.now(UTC), "responded_by_user": None}
    take()
    with set_current_context(cast(Any, {"ti": ti})):
        result = gate(pending).execute_complete(
            cast(Any, {"ti": ti}), event | {"chosen_options": [chosen]}
        )
    assert (result["approval"], result["by"]) == (answer, "the model registry")
    assert result["why"] == f"{answer} in the model registry: By the board"
    assert status(sagemaker, pending) == (answer, "By the board")
    (posted,) = take()
    assert posted.name == answer.lower()


def test_the_first_try_alone_sends_that_a_version_waits(
    pending: str, ti: Ti, notify: Notify, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow raises the maximum of tries when a person clears the task: that is asked again."""
    notify(f"sns:{topic.arn}")
    monkeypatch.setattr("prodml.operators.approval.upsert_hitl_detail", lambda **_: None)
    kept: dict[str, Any] = {}
    store = SimpleNamespace(get=kept.get, set=kept.__setitem__)
    counts = []
    for max_tries in (2, 2, 4):
        attempt: Any = SimpleNamespace(**vars(ti), id=uuid4(), max_tries=max_tries)
        with pytest.raises(TaskDeferred) as deferred:
            gate(pending, body="| auc | 0.9 |").execute(
                cast(Any, {"ti": attempt, "task_state_store": store})
            )
        assert isinstance(deferred.value.trigger, ApprovalTrigger)
        messages = topic.messages()
        counts.append(len(messages))
        assert all("| auc | 0.9 |" in message["Message"] for message in messages)
    assert counts == [1, 0, 1]


def test_a_rejected_version_is_never_asked_about_again(
    sagemaker: Any, pending: str, ti: Ti
) -> None:
    sagemaker.update_model_package(ModelPackageArn=pending, ModelApprovalStatus="Rejected")
    with pytest.raises(RequestRefusedError, match="a rejected model is never deployed"):
        run(gate(pending, auto_approve=True), ti)


def test_the_card_names_the_version_and_until_when_an_answer_counts() -> None:
    asked = gate("arn:aws:sagemaker:us-east-1:0:model-package/churn/7", body="| score |")
    card = asked._card(datetime(2026, 3, 1, 12, 30, tzinfo=UTC))
    assert card.startswith("**Version 7** of churn. Answer until **2026-03-01 12:30 UTC**")
    assert card.endswith("no answer rejects it.\n\n| score |")
