"""The states of an endpoint, and the transitions between them."""

from __future__ import annotations

from ...core.store import Doc
from ...wire.errors import validation
from .state_machine import StateMachine

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
MACHINE = StateMachine(KIND, "Endpoint", MOVES)
move, settle = MACHINE.move, MACHINE.settle


def require(doc: Doc, status: str) -> None:
    """Refuse *status*, with AWS's error, unless the endpoint's state allows it."""
    if MACHINE.allows(doc, status):
        return
    now = doc["EndpointStatus"]
    arn = doc["EndpointArn"]
    if now in ("Failed", "UpdateRollbackFailed"):
        raise validation(f'Cannot update endpoint "{arn}" in {now} state. Delete it instead.')
    raise validation(f'Cannot update in-progress endpoint "{arn}".')
