from __future__ import annotations

import pytest
from prodml.notifications.version_events import (
    ApprovalWaiting,
    Approved,
    ModelDeployed,
    Rejected,
    Undecided,
    version_name,
)

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/churn/7"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (ARN, "churn version 7"),
        (ARN.replace("aws:", "aws-cn:"), "churn version 7"),
        (ARN.removesuffix("/7"), "churn"),
        ("s3://models/model.tar.gz", "model.tar.gz"),
    ],
    ids=["version", "partition", "package without a group", "no package"],
)
def test_a_version_is_named_by_its_group_and_number(arn: str, name: str) -> None:
    assert version_name(arn) == name


def test_titles_name_the_version() -> None:
    waiting = ApprovalWaiting(model_package_arn=ARN, card="| auc |")
    approved = Approved(model_package_arn=ARN, where="in Airflow")
    rejected = Rejected(model_package_arn=ARN, reason="It is worse.")
    undecided = Undecided(model_package_arn=ARN, outcome="too few rows", reason="12 of 500.")
    assert waiting.title == "churn version 7 waits for approval"
    assert approved.title == "churn version 7 was approved in Airflow"
    assert rejected.title == "churn version 7 was rejected"
    assert undecided.title == "churn version 7 was not deployed: too few rows"
    facts = [fact for event in (waiting, approved, rejected, undecided) for fact in event.facts()]
    assert facts == ["| auc |", "It is worse.", "12 of 500."]


def test_the_message_of_a_waiting_version_links_the_page_of_its_buttons() -> None:
    assert ApprovalWaiting(model_package_arn=ARN, card="").page == "required_actions"


@pytest.mark.parametrize(
    ("component", "contest", "title"),
    [
        (None, False, "Endpoint shop serves churn version 7"),
        (None, True, "Endpoint shop tests churn version 7"),
        ("copy", False, "Inference component copy on endpoint shop serves churn version 7"),
    ],
)
def test_a_deployment_says_what_serves_the_version(
    component: str | None, contest: bool, title: str
) -> None:
    event = ModelDeployed(
        model_package_arn=ARN, endpoint="shop", component=component, contest=contest
    )
    assert event.title == title
