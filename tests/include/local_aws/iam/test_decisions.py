"""Decisions that AWS documents: the evaluation order, and the words of denials.

Pages of the IAM User Guide, below https://docs.aws.amazon.com/IAM/latest/UserGuide/
"""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.iam.decisions import Policies, decide, denial
from include.local_aws.iam.policies import Policy, Query, policy
from include.local_aws.iam.principals import Principal, anonymous, root, session

ACCOUNT, OTHER = "123456789012", "210987654321"
JOHN = Principal("User", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/John")
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/service-role/trainer"
ROLE = session(ROLE_ARN, "run", "AROAEXAMPLE", {})
ROOT = root(ACCOUNT)
OBJECT = "arn:aws:s3:::bucket/key"


def statement(effect: str, action: str, resource: str = "*", **more: Any) -> Policy:
    body = {"Effect": effect, "Action": action, "Resource": resource} | more
    return policy({"Version": "2012-10-17", "Statement": [body]})


ALL, GET = statement("Allow", "*"), statement("Allow", "s3:GetObject")
LIST = statement("Allow", "s3:ListBucket")
NO_GET = statement("Deny", "s3:GetObject")


def for_principal(effect: str, value: Any, **more: Any) -> Policy:
    return statement(effect, "s3:GetObject", "arn:aws:s3:::bucket/*", Principal=value, **more)


Case = tuple[Principal, Policies, str]  # the reason of the denial, "" for an allowed request
NO_IDENTITY = "because no identity-based policy allows the s3:GetObject action"
NO_BOUNDARY = "because no permissions boundary allows the s3:GetObject action"
NO_SESSION = "because no session policy allows the s3:GetObject action"
NO_SCP = "because no service control policy allows the s3:GetObject action"
NO_RESOURCE = "because no resource-based policy allows the s3:GetObject action"
BY_SESSION_ARN = for_principal("Allow", {"AWS": ROLE.arn})
BY_ROLE_ARN = for_principal("Allow", {"AWS": ROLE_ARN})
CASES: dict[str, Case] = {
    # reference_policies_evaluation-logic_policy-eval-denyallow.html:
    # "By default, all requests are implicitly denied with the exception of the root user"
    "implicit": (JOHN, Policies(), NO_IDENTITY),
    "root": (ROOT, Policies(), ""),
    "allowed": (JOHN, Policies(identity=(LIST, GET)), ""),
    "other-action": (JOHN, Policies(identity=(LIST,)), NO_IDENTITY),
    # "An explicit deny overrides an explicit allow"
    "explicit": (
        JOHN,
        Policies(identity=(ALL, NO_GET)),
        "with an explicit deny in an identity-based policy",
    ),
    # orgs_manage_policies_scps.html: an SCP grants nothing ...
    "scp-grants-nothing": (JOHN, Policies(scps=(ALL,)), NO_IDENTITY),
    # ... "an explicit allow at every level", without which nothing is allowed ...
    "scp-without-allow": (JOHN, Policies(identity=(ALL,), scps=(LIST,)), NO_SCP),
    "scp-allows": (JOHN, Policies(identity=(ALL,), scps=(LIST, GET)), ""),
    # ... it denies ...
    "scp-denies": (
        JOHN,
        Policies(identity=(ALL,), scps=(ALL, NO_GET)),
        "with an explicit deny in a service control policy",
    ),
    # ... and "affects ... the root user" of a member account
    "scp-and-root": (ROOT, Policies(scps=(LIST,)), NO_SCP),
    "scp-before-resource": (
        JOHN,
        Policies(resource=for_principal("Allow", "*"), scps=(LIST,)),
        NO_SCP,
    ),
    # reference_policies_evaluation-logic_policy-eval-basics.html: "If either the identity-based
    # policy or the resource-based policy within the same account allows the request ..."
    "resource-allows-user": (
        JOHN,
        Policies(resource=for_principal("Allow", {"AWS": JOHN.arn})),
        "",
    ),
    "resource-allows-other": (
        JOHN,
        Policies(resource=for_principal("Allow", {"AWS": f"arn:aws:iam::{ACCOUNT}:user/Jane"})),
        NO_IDENTITY,
    ),
    "resource-denies": (
        JOHN,
        Policies(identity=(ALL,), resource=for_principal("Deny", "*")),
        "with an explicit deny in a resource-based policy",
    ),
    "resource-denies-account": (
        ROLE,
        Policies(identity=(ALL,), resource=for_principal("Deny", {"AWS": ACCOUNT})),
        "with an explicit deny in a resource-based policy",
    ),
    # reference_policies_elements_principal.html: an account delegates to its IAM policies ...
    "resource-delegates": (
        JOHN,
        Policies(resource=for_principal("Allow", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})),
        NO_IDENTITY,
    ),
    # ... and an anonymous caller is meant by "*" only
    "public": (anonymous(), Policies(resource=for_principal("Allow", "*")), ""),
    "public-by-map": (anonymous(), Policies(resource=for_principal("Allow", {"AWS": "*"})), ""),
    "anonymous": (anonymous(), Policies(), NO_RESOURCE),
    "anonymous-by-account": (
        anonymous(),
        Policies(resource=for_principal("Allow", {"AWS": ACCOUNT})),
        NO_RESOURCE,
    ),
    # reference_policies_elements_notprincipal.html
    "not-principal-denies": (
        JOHN,
        Policies(
            identity=(ALL,),
            resource=policy(
                {
                    "Statement": {
                        "Effect": "Deny",
                        "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/Jane"},
                        "Action": "s3:*",
                        "Resource": "*",
                    }
                }
            ),
        ),
        "with an explicit deny in a resource-based policy",
    ),
    "not-principal-excludes": (
        JOHN,
        Policies(
            identity=(ALL,),
            resource=policy(
                {
                    "Statement": {
                        "Effect": "Deny",
                        "NotPrincipal": {"AWS": JOHN.arn},
                        "Action": "s3:*",
                        "Resource": "*",
                    }
                }
            ),
        ),
        "",
    ),
    # access_policies_boundaries.html: "only the actions that are allowed by both"
    "boundary-limits": (JOHN, Policies(identity=(ALL,), boundary=LIST), NO_BOUNDARY),
    "boundary-grants-nothing": (JOHN, Policies(boundary=ALL), NO_IDENTITY),
    "both": (JOHN, Policies(identity=(ALL,), boundary=GET), ""),
    "boundary-denies": (
        JOHN,
        Policies(identity=(ALL,), boundary=NO_GET),
        "with an explicit deny in a permissions boundary",
    ),
    # same page: a resource-based policy for an IAM user is not limited by the boundary's
    # implicit denial ...
    "user-past-boundary": (
        JOHN,
        Policies(boundary=LIST, resource=for_principal("Allow", {"AWS": JOHN.arn})),
        "",
    ),
    # ... one for a role is ...
    "role-and-boundary": (ROLE, Policies(boundary=LIST, resource=BY_ROLE_ARN), NO_BOUNDARY),
    # ... and one for a role's session is not
    "session-past-boundary": (ROLE, Policies(boundary=LIST, resource=BY_SESSION_ARN), ""),
    "boundary-denies-what-resource-allows": (
        ROLE,
        Policies(boundary=NO_GET, resource=BY_SESSION_ARN),
        "with an explicit deny in a permissions boundary",
    ),
    # access_policies.html#policies_session: the intersection with the role's policies ...
    "session-limits": (ROLE, Policies(identity=(ALL,), session=LIST), NO_SESSION),
    "session-grants-nothing": (ROLE, Policies(identity=(LIST,), session=ALL), NO_IDENTITY),
    "session-and-identity": (ROLE, Policies(identity=(ALL,), session=GET), ""),
    "session-denies": (
        ROLE,
        Policies(identity=(ALL,), session=NO_GET),
        "with an explicit deny in a session policy",
    ),
    # ... it limits what a resource grants the role, and not what it grants the session
    "session-limits-role": (ROLE, Policies(session=LIST, resource=BY_ROLE_ARN), NO_SESSION),
    "resource-for-role": (ROLE, Policies(resource=BY_ROLE_ARN), ""),
    "resource-for-session": (ROLE, Policies(session=LIST, resource=BY_SESSION_ARN), ""),
    # reference_policies_evaluation-logic-cross-account.html: both accounts must allow
    "cross-account-identity-alone": (
        JOHN,
        Policies(identity=(ALL,), resource_account=OTHER),
        NO_RESOURCE,
    ),
    "cross-account-resource-alone": (
        JOHN,
        Policies(resource=for_principal("Allow", {"AWS": JOHN.arn}), resource_account=OTHER),
        NO_IDENTITY,
    ),
    "cross-account-both": (
        JOHN,
        Policies(
            identity=(GET,),
            resource=for_principal("Allow", {"AWS": ACCOUNT}),
            resource_account=OTHER,
        ),
        "",
    ),
    # kms/latest/developerguide/key-policies.html: "Unless the key policy explicitly allows it,
    # you cannot use IAM policies to allow access"
    "key-policy-decides": (
        JOHN,
        Policies(identity=(ALL,), resource_decides=True),
        NO_RESOURCE,
    ),
    "key-policy-delegates": (
        JOHN,
        Policies(
            identity=(ALL,),
            resource=for_principal("Allow", {"AWS": ACCOUNT}),
            resource_decides=True,
        ),
        "",
    ),
    "key-policy-delegates-nothing": (
        JOHN,
        Policies(resource=for_principal("Allow", {"AWS": ACCOUNT}), resource_decides=True),
        NO_IDENTITY,
    ),
    "key-policy-without-root": (ROOT, Policies(resource_decides=True), NO_RESOURCE),
}


@pytest.mark.parametrize("name", CASES)
def test_decision_as_documented(name: str) -> None:
    principal, policies, reason = CASES[name]
    query = Query(principal, "s3:GetObject", OBJECT)
    decision = decide(query, policies)
    assert decision.allowed is (not reason)
    if reason:
        who = "anonymous" if principal.kind == "Anonymous" else principal.arn
        assert denial(query, decision) == (
            f"User: {who} is not authorized to perform: s3:GetObject "
            f'on resource: "{OBJECT}" {reason}'
        )


def test_trust_policy_is_named_where_a_role_is_not_trusted() -> None:
    """troubleshoot_access-denied.html: "because no role trust policy allows ..."."""
    query = Query(JOHN, "sts:AssumeRole", ROLE_ARN)
    decision = decide(query, Policies(identity=(ALL,), resource_decides=True))
    assert denial(query, decision) == (
        f"User: {JOHN.arn} is not authorized to perform: sts:AssumeRole on resource: {ROLE_ARN} "
        "because no role trust policy allows the sts:AssumeRole action"
    )


def test_service_is_trusted_by_its_name() -> None:
    """reference_policies_elements_principal.html: AWS service principals."""
    sagemaker = Principal("Service", "", "sagemaker.amazonaws.com")
    body = {"Effect": "Allow", "Principal": {"Service": sagemaker.arn}, "Action": "sts:AssumeRole"}
    trust = Policies(resource=policy({"Statement": body}), resource_decides=True)
    events = Principal("Service", "", "events.amazonaws.com")
    assert decide(Query(sagemaker, "sts:AssumeRole", ROLE_ARN), trust).allowed
    assert not decide(Query(events, "sts:AssumeRole", ROLE_ARN), trust).allowed
