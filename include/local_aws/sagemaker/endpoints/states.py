"""An endpoint's states and the moves between them."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING, Any

from ...core.store import Doc
from ...wire.errors import validation

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0
KIND = "endpoint"
MOVES = {
    "Creating": {"InService", "Failed"},
    "InService": {"Updating", "Deleting"},
    "Updating": {"InService", "RollingBack"},
    "RollingBack": {"InService", "UpdateRollbackFailed"},
    "UpdateRollbackFailed": {"Deleting"},
    "Failed": {"Deleting"},
    "Deleting": set(),
}


class ImpossibleMoveError(RuntimeError):
    """A move that the table above does not have: a defect of the emulator, never of its user."""


def move(aws: Aws, name: str, status: str, **members: Any) -> Doc:
    """Take the endpoint to *status*, or raise when there is no way there."""
    doc = aws.store.get(KIND, name)
    if doc is None or status not in MOVES[doc["EndpointStatus"]]:
        now = doc["EndpointStatus"] if doc else "gone"
        raise ImpossibleMoveError(f"Endpoint {name} cannot become {status}: it is {now}.")
    return aws.store.update(KIND, name, EndpointStatus=status, **members)


async def settle(aws: Aws, name: str, status: str, **members: Any) -> Doc:
    """Take the endpoint to *status*, as soon as the disk takes it: its work is done already."""
    while True:
        try:
            return move(aws, name, status, **members)
        except sqlite3.OperationalError as error:
            log.warning("Endpoint %s cannot be stored as %s yet: %s", name, status, error)
            await asyncio.sleep(RETRY_SECONDS)


def require(doc: Doc, status: str) -> None:
    """Refuse *status* for an endpoint that is not in a state to begin it, in AWS's words."""
    now = doc["EndpointStatus"]
    if status in MOVES[now]:
        return
    arn = doc["EndpointArn"]
    if now in ("Failed", "UpdateRollbackFailed"):
        raise validation(f'Cannot update endpoint "{arn}" in {now} state. Delete it instead.')
    raise validation(f'Cannot update in-progress endpoint "{arn}".')
