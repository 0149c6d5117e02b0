"""The calls that create the resource of a step, or update the one of its name."""

from __future__ import annotations

from ...core.store import Doc
from .calls import Refused, call, described, invoked
from .expressions import Unresolved
from .kinds import Kind
from .state import Execution


async def create(execution: Execution, kind: Kind, request: Doc) -> str:
    """Create the resource, or update an endpoint or component that exists; return its ARN.

    :raises Unresolved: an existing resource differs in what an update cannot change.
    :raises Refused: the role may not, or the operation refuses the request.
    """
    operation = f"Create{kind.noun}"
    if kind.is_updated and (present := described(execution.aws, kind, request[kind.name])):
        operation = f"Update{kind.noun}"
        request = update(kind, request, present)
    if kind.noun == "ModelPackage":
        await _create_group(execution, request)
    answer = await invoked(execution.aws, execution.role, operation, request)
    return str(answer[kind.arn])


def update(kind: Kind, request: Doc, present: Doc) -> Doc:
    """Return the request that updates the *present* resource; raise Unresolved."""
    for member in sorted(request.keys() - kind.updated - {"Tags"}):
        if request[member] != present.get(member):
            raise Unresolved(
                f"{kind.noun} {request[kind.name]} has {member} {present.get(member)!r}, which an "
                f"update cannot change to {request[member]!r}. Give another {kind.name}."
            )
    return {member: request[member] for member in request.keys() & kind.updated}


async def _create_group(execution: Execution, request: Doc) -> None:
    """Create the model package group unless it exists, as AWS does."""
    group = request.get("ModelPackageGroupName")
    if not group or group.startswith("arn:"):
        return
    try:
        name = {"ModelPackageGroupName": group}
        await call(execution.aws, execution.role, "CreateModelPackageGroup", name)
    except Refused as error:
        if "already exists" not in str(error):
            raise
