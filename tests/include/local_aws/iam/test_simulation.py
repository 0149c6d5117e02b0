"""SimulatePrincipalPolicy in process; a server answers it in test_guard.py."""

from __future__ import annotations

import re
from typing import Any

import pytest

from include.local_aws.iam.asked import Asked
from include.local_aws.iam.authorization import Authorization
from include.local_aws.iam.simulation import answer, is_asked
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.asgi import body, sent
from tests.include.local_aws.iam.account import ACCOUNT, ROLE
from tests.include.local_aws.iam.identities import directory, identity, policy, trusting

OPERATION = ("iam", "SimulatePrincipalPolicy")
TAGGED = {"StringEquals": {"aws:RequestTag/Team": "ml"}}
POLICIES = (
    policy("Allow", "s3:GetObject", "arn:aws:s3:::data/*"),
    policy("Allow", "sagemaker:CreateModel", Condition=TAGGED),
    policy("Deny", "s3:DeleteObject"),
)
ROLES = {ROLE: identity("trainer", *POLICIES, trust=trusting(AWS=ACCOUNT))}


def decisions(**parameters: Any) -> list[tuple[str, str, str]]:
    """Return action, resource and decision of each result."""
    identities = directory(roles=ROLES)
    asked = Asked(*OPERATION, {"PolicySourceArn": ROLE} | parameters)
    text = body(sent(answer, asked, Authorization(identities, None), identities))
    members = ("EvalActionName", "EvalResourceName", "EvalDecision")
    values = (re.findall(f"<{member}>([^<]*)<", text) for member in members)
    return list(zip(*values, strict=True))


def test_each_action_is_decided_on_each_resource() -> None:
    inside, outside = "arn:aws:s3:::data/a", "arn:aws:s3:::other/a"
    actions = ["s3:GetObject", "s3:DeleteObject"]
    assert decisions(ActionNames=actions, ResourceArns=[inside, outside]) == [
        ("s3:GetObject", inside, "allowed"),
        ("s3:GetObject", outside, "implicitDeny"),
        ("s3:DeleteObject", inside, "explicitDeny"),
        ("s3:DeleteObject", outside, "explicitDeny"),
    ]


@pytest.mark.parametrize(("team", "decision"), [("ml", "allowed"), ("ops", "implicitDeny")])
def test_context_keys_count_in_any_case_and_the_resource_is_everything(
    team: str, decision: str
) -> None:
    entry = {"ContextKeyName": "AWS:RequestTag/team", "ContextKeyValues": [team]}
    results = decisions(ActionNames=["sagemaker:CreateModel"], ContextEntries=[entry])
    assert results == [("sagemaker:CreateModel", "*", decision)]


@pytest.mark.parametrize("arn", [f"{ROLE}-2", "not an ARN", ""])
def test_principal_that_does_not_exist_is_refused(arn: str) -> None:
    with pytest.raises(AwsError, match="cannot be found") as refused:
        decisions(PolicySourceArn=arn, ActionNames=["s3:GetObject"])
    assert (refused.value.code, refused.value.status) == ("NoSuchEntity", 404)


def test_only_its_operation_is_answered() -> None:
    assert is_asked(Asked(*OPERATION))
    assert not is_asked(Asked("iam", "SimulateCustomPolicy"))
