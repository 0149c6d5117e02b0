"""The states of a stored resource, and the transitions between them."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...core.store import Doc

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0


class ImpossibleMoveError(RuntimeError):
    """A transition that the table does not have: a defect of the emulator."""


@dataclass(frozen=True)
class StateMachine:
    """The transitions of one kind of resource.

    :param noun: Such as ``Endpoint``; the status is its member ``EndpointStatus``.
    :param moves: The states that may follow each state.
    """

    kind: str
    noun: str
    moves: Mapping[str, set[str]]

    @property
    def status(self) -> str:
        return f"{self.noun}Status"

    def allows(self, doc: Doc, status: str) -> bool:
        return status in self.moves[doc[self.status]]

    def get(self, aws: Aws, name: str) -> Doc:
        """Return a resource that changes; raise ImpossibleMoveError if it was deleted."""
        doc = aws.store.get(self.kind, name)
        if doc is None:
            raise ImpossibleMoveError(f"{self.noun} {name} was deleted during its update.")
        return doc

    def move(self, aws: Aws, name: str, status: str, **members: Any) -> Doc:
        """Set the *status*; raise ImpossibleMoveError without such a transition."""
        doc = aws.store.get(self.kind, name)
        if doc is None or not self.allows(doc, status):
            now = doc[self.status] if doc else "gone"
            raise ImpossibleMoveError(f"{self.noun} {name} cannot become {status}: it is {now}.")
        return aws.store.update(self.kind, name, **{self.status: status}, **members)

    async def settle(self, aws: Aws, name: str, status: str, **members: Any) -> Doc:
        """Set the *status*, and retry until the disk accepts it: the work is done."""
        while True:
            try:
                return self.move(aws, name, status, **members)
            except sqlite3.OperationalError as error:
                log.warning(
                    "Storing %s %s as %s failed; retrying: %s", self.kind, name, status, error
                )
                await asyncio.sleep(RETRY_SECONDS)
