"""Decide about a request: every action that it needs, with all policies that apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..wire.errors import AwsError
from . import context, refusals
from .arns import account_in
from .context import Keys, TagsOf
from .decisions import Decision, Policies, decide, denial
from .directory import Directory, Identities, Identity
from .needs import PASS_ROLE, Need
from .policies import Policy, Query
from .principals import Principal
from .refusals import Protocol

OWNED = ("iam:", "sts:", "kms:")  # services whose resources the directory knows


class Authorization:
    """Gathers the policies of identities, resources and the organization."""

    def __init__(self, directory: Directory, scps: tuple[Policy, ...] | None) -> None:
        self._directory = directory
        self._scps = scps

    async def decide(
        self, identity: Identity, need: Need, network: Keys, tags_of: TagsOf
    ) -> tuple[Query, Decision]:
        """Return the question for one need and the answer."""
        principal = identity.principal
        account = account_in(need.resource)
        if need.action.startswith(OWNED) and account.isdecimal():  # AWS's policies are of "aws"
            tags_of = (await self._directory.of(account)).tags
        keys: Mapping[str, tuple[str, ...]] = {
            **network,
            **context.of_principal(principal),
            **context.of_resource(need, tags_of),
            **need.keys,
        }
        query = Query(principal, need.action, need.resource, keys)
        return query, decide(query, await self._policies(identity, need))

    async def _policies(self, identity: Identity, need: Need) -> Policies:
        principal = identity.principal
        if principal.kind == "Anonymous":
            own = Policies()
        else:
            identities = await self._directory.of(principal.account)
            own = identities.policies_of(principal)
        resource, account, decides = await self._resource(principal, need)
        return replace(
            own,
            session=identity.session_policy,
            scps=None if principal.kind == "Anonymous" else self._scps,
            resource=resource,
            resource_account=account,
            resource_decides=decides,
        )

    async def _resource(self, principal: Principal, need: Need) -> tuple[Policy | None, str, bool]:
        """Return the policy of the resource, the resource's account, and whether it decides."""
        service = need.action.partition(":")[0]
        account = account_in(need.resource)
        if service == "s3":
            identities = await self._directory.of(principal.account or "0" * 12)
            account, policy = identities.bucket(_bucket(need.resource))
            return policy, account, False
        if service == "kms" and account and ":key/" in need.resource:
            policy = (await self._directory.of(account)).key_policy(need.resource)
            return policy, account, policy is not None
        if need.action == "sts:AssumeRole" and account and ":role/" in need.resource:
            policy = (await self._directory.of(account)).trust_policy(need.resource)
            return policy, account, True
        return None, "", False

    async def check_trust(self, identities: Identities, need: Need) -> None:
        """Raise AwsError for a role that is passed to a service which it does not trust."""
        service = need.keys.get("iam:passedtoservice", ("",))[0]
        query = Query(Principal("Service", "", service), "sts:AssumeRole", need.resource)
        policy = identities.trust_policy(need.resource)
        if not decide(query, Policies(resource=policy, resource_decides=True)).allowed:
            raise AwsError(
                "ValidationException",
                f"Could not assume role {need.resource}. Please ensure that the role exists and "
                f"allows principal '{service}' to assume the role.",
            )

    async def check_passed(self, need: Need) -> None:
        """Raise AwsError if *need* passes a role to SageMaker that does not trust it."""
        passed = need.keys.get("iam:passedtoservice") == ("sagemaker.amazonaws.com",)
        account = account_in(need.resource)
        if need.action == PASS_ROLE and passed and account:
            await self.check_trust(await self._directory.of(account), need)


def _bucket(resource: str) -> str:
    return resource.removeprefix("arn:aws:s3:::").partition("/")[0]


def refused(protocol: Protocol, query: Query, decision: Decision) -> AwsError:
    """Return the denial of *query*."""
    return refusals.denied(protocol, denial(query, decision))
