"""A request on its way through the guard, before and after the decision about it."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from ..wire.credentials import Credential
from ..wire.http import Receive, Scope
from .asked import Asked
from .directory import Identity
from .refusals import Protocol


@dataclass(frozen=True)
class Request:
    """A request with its credential, protocol and body, before the decision."""

    scope: Scope
    headers: dict[str, str]
    credential: Credential
    protocol: Protocol
    body: bytes | None  # None where it is data


@dataclass(frozen=True)
class Admission:
    """A request that is executed: its body, its operation and its caller."""

    receive: Receive
    operation: Asked
    identity: Identity


class Upload:
    """The body of a request; a rest unread after a refusal would be parsed as the next request."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next message."""
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body")
        return message

    async def drain(self) -> None:
        """Read the rest."""
        while not self._ended:
            await self.receive()
