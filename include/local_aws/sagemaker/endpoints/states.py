"""The states of an endpoint, and the transitions between them."""

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
    """A transition that the table does not have: a defect of the emulator."""


def move(aws: Aws, name: str, status: str, **members: Any) -> Doc:
    """Set the endpoint's *status*; raise ImpossibleMoveError without such a transition."""
    doc = aws.store.get(KIND, name)
    if doc is None or status not in MOVES[doc["EndpointStatus"]]:
        now = doc["EndpointStatus"] if doc else "gone"
        raise ImpossibleMoveError(f"Endpoint {name} cannot become {status}: it is {now}.")
    return aws.store.update(KIND, name, EndpointStatus=status, **members)


async def settle(aws: Aws, name: str, status: str, **members: Any) -> Doc:
    """Set the endpoint's *status*, and retry until the disk accepts it: the work is done."""
    while True:
        try:
            return move(aws, name, status, **members)
        except sqlite3.OperationalError as error:
            log.warning("Storing endpoint %s as %s failed; retrying: %s", name, status, error)
            await asyncio.sleep(RETRY_SECONDS)


def require(doc: Doc, status: str) -> None:
    """Refuse *status*, with AWS's error, unless the endpoint's state allows it."""
    now = doc["EndpointStatus"]
    if status in MOVES[now]:
        return
    arn = doc["EndpointArn"]
    if now in ("Failed", "UpdateRollbackFailed"):
        raise validation(f'Cannot update endpoint "{arn}" in {now} state. Delete it instead.')
    raise validation(f'Cannot update in-progress endpoint "{arn}".')
