"""Principals of requests: root users, IAM users, sessions of roles, services, anonymous callers."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .arns import account_in

Kind = Literal["Account", "User", "AssumedRole", "Service", "Anonymous"]
ACCOUNT_ARN = re.compile(r"(?:arn:aws:iam::)?(\d{12})(?::root)?")


class Grant(enum.IntEnum):
    """The way a resource's policy names a principal; a stronger one needs fewer other policies."""

    NONE = 0
    DELEGATED = 1  # its account: the policies of the identity decide
    ROLE = 2  # its role: boundary and session policy still limit it
    SESSION = 3  # itself: nothing else has to allow it


@dataclass(frozen=True)
class Principal:
    """An authenticated caller, or an anonymous one."""

    kind: Kind
    account: str
    arn: str  # of a role's session: its STS ARN
    role_arn: str = ""
    user_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def grant(self, named: tuple[tuple[str, str], ...]) -> Grant:
        """Return the strongest way in which the elements *named* of a policy mean it."""
        return max((self._named_by(kind, value) for kind, value in named), default=Grant.NONE)

    def _named_by(self, kind: str, value: str) -> Grant:
        if value == "*" and kind in ("AWS", "*"):
            return Grant.SESSION
        if kind == "Service":
            return Grant.SESSION if self.kind == "Service" and value == self.arn else Grant.NONE
        if kind != "AWS" or self.kind in ("Service", "Anonymous"):
            return Grant.NONE
        if value == self.arn:
            return Grant.SESSION
        if self.role_arn and value == self.role_arn:
            return Grant.ROLE
        account = ACCOUNT_ARN.fullmatch(value)
        if account and account[1] == self.account:
            return Grant.SESSION if self.kind == "Account" else Grant.DELEGATED
        return Grant.NONE


def root(account: str) -> Principal:
    """Return the root user of *account*."""
    arn = f"arn:aws:iam::{account}:root"
    return Principal("Account", account, arn, user_id=account)


def anonymous() -> Principal:
    """Return the principal of a request without a signature."""
    return Principal("Anonymous", "", "anonymous")


def session(role_arn: str, name: str, role_id: str, tags: Mapping[str, str]) -> Principal:
    """Return the session *name* of a role."""
    account = account_in(role_arn)
    role = role_arn.rpartition("/")[2]
    arn = f"arn:aws:sts::{account}:assumed-role/{role}/{name}"
    return Principal("AssumedRole", account, arn, role_arn, f"{role_id}:{name}", tags)
