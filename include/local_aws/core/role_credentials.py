"""Credentials with which the server acts for a role, and those that a role's containers get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Keys:
    """An access key, with the token of its session if it has one."""

    key_id: str
    secret: str
    token: str = ""

    def environment(self) -> dict[str, str]:
        """Return the variables that AWS's clients read."""
        variables = {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return variables | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class RoleCredentials(Protocol):
    """Issues credentials."""

    def of_account(self, account: str) -> Keys:
        """Return those of the server itself, in *account*."""

    def of_role(self, account: str, role: str) -> Keys:
        """Return those of a session of the role whose ARN is *role*."""

    async def denial(
        self, place: tuple[str, str], role: str, action: str, resource: str
    ) -> str | None:
        """Return AWS's sentence if *role* may not do *action*; None if it may.

        :param place: Account and region.
        """


class Unchecked:
    """Credentials of a server that checks none: each says the account, and nothing else."""

    def of_account(self, account: str) -> Keys:
        """Return those of the server itself, in *account*."""
        return Keys(account, "embedded")

    def of_role(self, account: str, role: str) -> Keys:
        """Return those of the account: every role has the same."""
        return Keys(account, "job")

    async def denial(
        self,
        place: tuple[str, str],
        role: str,
        action: str,
        resource: str,
    ) -> None:
        """Allow every action."""
