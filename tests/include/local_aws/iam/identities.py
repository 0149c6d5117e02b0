"""Identities of an account in the form in which moto's state has them."""

from __future__ import annotations

import json
from typing import Any

from include.local_aws.iam.directory import Directory
from tests.include.local_aws.iam.account import ACCOUNT

KINDS = ("roles", "users", "groups", "keys", "sessions", "buckets", "encryption_keys")


def policy(effect: str, action: str, resource: str = "*", **more: Any) -> str:
    """Return the JSON of a policy with one statement."""
    statement = {"Effect": effect, "Action": action, "Resource": resource} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trusting(**principal: str) -> str:
    """Return the policy of a role that *principal* may assume."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def identity(name: str, *policies: str, **more: Any) -> dict[str, Any]:
    """Return a user or a role with inline *policies*."""
    return {"id": f"ID-{name}", "name": name, "tags": {}, "identity": list(policies)} | more


def document(**kinds: Any) -> dict[str, Any]:
    """Return the identities of one account, which has only those of *kinds*."""
    return {kind: {} for kind in KINDS} | kinds


def directory(**kinds: Any) -> Directory:
    """Return a directory with the identities of ACCOUNT; other accounts know its buckets alone."""
    buckets = {"buckets": kinds.get("buckets", {})}

    async def fetch(account: str) -> dict[str, Any]:
        return document(**kinds if account == ACCOUNT else buckets)

    return Directory(fetch, lambda: 1)
