"""Sessions of roles for which the server acts, and the secrets of the accounts' root users."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from ..core.role_credentials import Keys
from ..wire.credentials import issued_key

FILE = "root-secret"
Decide = Callable[[str, str, str, str], Awaitable[str | None]]
SERVICE = "SageMaker"  # the name of the sessions that SageMaker makes
READABLE = 0o600
NO_ROLE = "arn:aws:iam::{account}:role/none"  # of a model without one: nothing is allowed


@dataclass(frozen=True)
class Session:
    """A session with its keys; one without a role is the server's own."""

    keys: Keys
    role: str | None


class Sessions:
    """Issues one session for each role, and one for each account that is the server's own."""

    def __init__(self, data_dir: Path, internal_secret: str) -> None:
        """Read the root users' secret, or make one.

        :param internal_secret: With which the server's own processes sign for any account.
        """
        self.root_secret = _root_secret(data_dir / FILE)
        self.internal_secret = internal_secret
        self._by_owner: dict[tuple[str, str | None], Session] = {}
        self._by_key: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._decide: Decide | None = None

    def of_account(self, account: str) -> Keys:
        """Return the keys of the server itself, in *account*."""
        return self._issued(account, None).keys

    def of_role(self, account: str, role: str) -> Keys:
        """Return the keys of a session of the role whose ARN is *role*."""
        return self._issued(account, role or NO_ROLE.format(account=account)).keys

    def decide_by(self, decide: Decide) -> None:
        """Ask *decide* about actions that the server does for roles."""
        self._decide = decide

    async def denial(
        self, place: tuple[str, str], role: str, action: str, resource: str
    ) -> str | None:
        """Return AWS's sentence if *role* may not do *action*; None if it may."""
        account, region = place
        role = role or NO_ROLE.format(account=account)
        return await self._decide(region, role, action, resource) if self._decide else None

    def session(self, key: str) -> Session | None:
        """Return the session of an access key id; None for one that was not issued here."""
        return self._by_key.get(key)

    def _issued(self, account: str, role: str | None) -> Session:
        with self._lock:
            if (account, role) not in self._by_owner:
                token = secrets.token_urlsafe(48)
                keys = Keys(issued_key(account, "ASIA"), secrets.token_urlsafe(30), token)
                session = Session(keys, role)
                self._by_owner[account, role] = self._by_key[keys.key_id] = session
            return self._by_owner[account, role]


def _root_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READABLE)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(30))
    return path.read_text()
