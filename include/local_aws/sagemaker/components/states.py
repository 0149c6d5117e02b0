"""The states of an inference component, and the transitions between them."""

from __future__ import annotations

from ...core.store import Doc
from ...wire.errors import validation
from ..endpoints.hosting import COMPONENT
from ..endpoints.state_machine import StateMachine

KIND = COMPONENT
MACHINE = StateMachine(
    KIND,
    "InferenceComponent",
    {
        "Creating": {"InService", "Failed"},
        "InService": {"Updating", "Deleting"},
        "Updating": {"InService"},  # also after a rollback
        "Failed": {"Deleting"},
        "Deleting": set(),
    },
)


def require(doc: Doc, status: str) -> None:
    """Refuse *status* unless the component's state allows it."""
    if MACHINE.allows(doc, status):
        return
    arn, now = doc["InferenceComponentArn"], doc["InferenceComponentStatus"]
    if now == "Failed":
        raise validation(f'Cannot update inference component "{arn}" in Failed state. Delete it.')
    progress = {"Creating": "CREATE", "Updating": "UPDATE", "Deleting": "DELETE"}[now]
    raise validation(
        f'Cannot change inference component "{arn}": it is in state {progress}_IN_PROGRESS. Wait '
        "until that has ended."
    )
