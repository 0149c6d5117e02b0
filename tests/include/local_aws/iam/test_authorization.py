"""Decisions with the policies of identities, resources and the organization together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from include.local_aws.iam import policies
from include.local_aws.iam.authorization import Authorization, refused
from include.local_aws.iam.decisions import Decision
from include.local_aws.iam.directory import Identity
from include.local_aws.iam.needs import Need
from include.local_aws.iam.policies import Policy, Query
from include.local_aws.iam.principals import Principal, anonymous
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.iam.account import ACCOUNT, KEY, OTHER, ROLE
from tests.include.local_aws.iam.identities import directory, identity, policy, trusting

ARN = f"arn:aws:iam::{ACCOUNT}:user/john"
JOHN = Principal("User", ACCOUNT, ARN)
GET = Need("s3:GetObject", "arn:aws:s3:::data/a")
LIST = policies.parsed(policy("Allow", "sagemaker:List*"))


def no_tags(arn: str) -> Mapping[str, str]:
    return {}


def decision(
    need: Need,
    principal: Principal = JOHN,
    *,
    scps: tuple[Policy, ...] | None = None,
    session: Policy | None = None,
    **kinds: Any,
) -> Decision:
    """Return the decision about *need* in an account with the identities of *kinds*."""
    authorization = Authorization(directory(**kinds), scps)
    caller = Identity(principal, "", session_policy=session)
    return asyncio.run(authorization.decide(caller, need, {}, no_tags))[1]


def john(*inline: str) -> dict[str, Any]:
    return {ARN: identity("john", *inline)}


def test_policy_of_the_user_counts_and_a_session_policy_limits_it() -> None:
    users = john(policy("Allow", "s3:GetObject"))
    assert decision(GET, users=users).allowed
    assert decision(GET, users=users, session=LIST).policy_type == "session policy"
    assert not decision(GET, users=john()).allowed


def test_organization_limits_users_and_no_anonymous_caller() -> None:
    public = policy("Allow", "s3:GetObject", "arn:aws:s3:::data/*", Principal="*")
    buckets = {"data": {"account": ACCOUNT, "policy": public}}
    assert decision(GET, anonymous(), scps=(LIST,), buckets=buckets).allowed
    denied = decision(GET, scps=(LIST,), buckets=buckets)
    assert denied.policy_type == "service control policy"


def test_bucket_of_another_account_must_allow_too() -> None:
    users = john(policy("Allow", "s3:*"))
    theirs: dict[str, Any] = {"account": OTHER, "policy": None}
    denied = decision(GET, users=users, buckets={"data": theirs})
    assert denied.policy_type == "resource-based policy"
    own = theirs | {"account": ACCOUNT}
    assert decision(GET, users=users, buckets={"data": own}).allowed


def test_policy_of_a_key_decides_about_it() -> None:
    need, users = Need("kms:Decrypt", KEY), john(policy("Allow", "kms:*"))
    others = policy("Allow", "kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/jane"})
    delegating = policy("Allow", "kms:*", Principal={"AWS": ACCOUNT})
    for text, expected in ((others, False), (delegating, True)):
        keys = {KEY: {"policy": text, "aliases": []}}
        assert decision(need, users=users, encryption_keys=keys).allowed is expected


def test_trust_policy_decides_who_assumes_a_role() -> None:
    need, users = Need("sts:AssumeRole", ROLE), john(policy("Allow", "*"))
    for trusted, expected in ((trusting(AWS=ARN), True), (trusting(AWS=OTHER), False)):
        roles = {ROLE: identity("trainer", trust=trusted)}
        assert decision(need, users=users, roles=roles).allowed is expected


def test_tags_of_roles_are_read_from_the_directory() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/team": "ml"}}
    users = john(policy("Allow", "iam:GetRole", Condition=condition))
    for team in ("ml", "other"):
        roles = {ROLE: identity("trainer", tags={"team": team}, trust=trusting(AWS=ARN))}
        allowed = decision(Need("iam:GetRole", ROLE), users=users, roles=roles).allowed
        assert allowed is (team == "ml")


def check_passed(service: str, **kinds: Any) -> None:
    """Check the role that is passed to *service*."""
    passed = {"iam:passedtoservice": (f"{service}.amazonaws.com",)}
    authorization = Authorization(directory(**kinds), None)
    asyncio.run(authorization.check_passed(Need("iam:PassRole", ROLE, passed)))


def trainer(trusted: str) -> dict[str, Any]:
    return {ROLE: identity("trainer", trust=trusting(Service=f"{trusted}.amazonaws.com"))}


def test_role_that_is_passed_must_trust_sagemaker() -> None:
    check_passed("sagemaker", roles=trainer("sagemaker"))
    with pytest.raises(AwsError, match=f"Could not assume role {ROLE}.*'sagemaker.amazonaws.com'"):
        check_passed("sagemaker", roles=trainer("lambda"))


def test_role_passed_to_another_service_is_not_checked() -> None:
    check_passed("lambda")


def test_denial_has_the_sentence_of_aws_and_the_code_of_the_protocol() -> None:
    query = Query(JOHN, GET.action, GET.resource)
    error = refused("s3", query, decision(GET, users=john()))
    assert error.code == "AccessDenied"
    assert error.message.startswith(f"User: {ARN} is not authorized to perform: s3:GetObject")
