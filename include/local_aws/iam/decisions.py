"""The order in which AWS evaluates policies, and the words of its denials.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from dataclasses import dataclass

from .policies import Policy, Query
from .principals import Grant

SCP, RESOURCE, TRUST = "service control policy", "resource-based policy", "role trust policy"
IDENTITY, BOUNDARY, SESSION = "identity-based policy", "permissions boundary", "session policy"


@dataclass(frozen=True)
class Policies:
    """Every policy that applies to a request, by its type."""

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: Policy | None = None
    resource: Policy | None = None
    scps: tuple[Policy, ...] | None = None  # None without an organization
    resource_decides: bool = False  # for KMS keys and roles: identity policies alone allow nothing
    resource_account: str = ""  # "" for the principal's own


@dataclass(frozen=True)
class Decision:
    """The outcome; a denial has the type of the policy that decided."""

    allowed: bool
    policy_type: str = ""
    explicit: bool = False

    def reason(self, action: str) -> str:
        """Return the end of AWS's sentence."""
        if self.explicit:
            article = "an" if self.policy_type[0] in "aeiou" else "a"
            return f"with an explicit deny in {article} {self.policy_type}"
        return f"because no {self.policy_type} allows the {action} action"


ALLOWED = Decision(allowed=True)


def decide(query: Query, policies: Policies) -> Decision:
    """Return whether *policies* allow *query*, in AWS's order."""
    if denying := _explicit(query, policies):
        return Decision(allowed=False, policy_type=denying, explicit=True)
    if policies.scps is not None and not _allows(policies.scps, query):
        return Decision(allowed=False, policy_type=SCP)
    grant = policies.resource.grant("Allow", query) if policies.resource else Grant.NONE
    if lacking := _lacking(query, policies, grant):
        return Decision(allowed=False, policy_type=lacking)
    return ALLOWED


def _explicit(query: Query, policies: Policies) -> str:
    """Return the type of the first policy that denies; "" if none does."""
    if policies.scps and any(p.has("Deny", query) for p in policies.scps):
        return SCP
    if policies.resource and policies.resource.grant("Deny", query) is not Grant.NONE:
        return _resource_type(query)
    if any(policy.has("Deny", query) for policy in policies.identity):
        return IDENTITY
    if policies.boundary and policies.boundary.has("Deny", query):
        return BOUNDARY
    return SESSION if policies.session and policies.session.has("Deny", query) else ""


def _lacking(query: Query, policies: Policies, grant: Grant) -> str:
    """Return the type of the policy whose Allow is missing; "" if none is."""
    principal = query.principal
    crosses = policies.resource_account not in ("", principal.account)
    if principal.kind == "Anonymous" or policies.resource_decides or crosses:
        if grant is Grant.NONE:
            return _resource_type(query)
        if principal.kind == "Anonymous":
            return ""
    if principal.kind == "Account":
        return ""
    if grant is Grant.SESSION and not crosses:
        return ""
    by_resource = grant is Grant.ROLE and not crosses
    if not by_resource and not _allows(policies.identity, query):
        return IDENTITY
    if policies.boundary and not policies.boundary.has("Allow", query):
        return BOUNDARY
    if policies.session and not policies.session.has("Allow", query):
        return SESSION
    return ""


def _allows(policies: tuple[Policy, ...], query: Query) -> bool:
    return any(policy.has("Allow", query) for policy in policies)


def _resource_type(query: Query) -> str:
    return TRUST if query.action.startswith("sts:AssumeRole") else RESOURCE


def denial(query: Query, decision: Decision) -> str:
    """Return AWS's sentence for a denied *query*."""
    resource = f'"{query.resource}"' if query.action.startswith("s3:") else query.resource
    where = f" on resource: {resource}"
    caller = "User: anonymous" if query.principal.kind == "Anonymous" else query.principal.arn
    caller = caller if caller.startswith("User") else f"User: {caller}"
    reason = decision.reason(query.action)
    return f"{caller} is not authorized to perform: {query.action}{where} {reason}"
