"""Lineage steps: actions, artifacts and contexts, and then the associations of these."""

from __future__ import annotations

import asyncio

from ...core.store import Doc
from . import schema
from .calls import Refused, invoked
from .expressions import Unresolved, evaluated
from .lineage import ASSOCIATIONS, ENDS, NOUNS, input_of
from .scope import StepScope
from .state import Execution
from .steps import Step

MADE = "Made"  # of a step's state: what it has created, by property


async def lineage(execution: Execution, step: Step) -> None:
    """Create the entities, then the associations; raise Unresolved.

    A restart continues with what is not created yet.
    """
    scope = StepScope(execution, step)
    arguments = await asyncio.to_thread(evaluated, step.arguments, scope)
    try:
        for noun in NOUNS:
            for entity in arguments.get(f"{noun}s", []):
                await _create(execution, step, noun, entity)
        for association in arguments.get(ASSOCIATIONS, []):
            await _associate(execution, step, association)
    except Refused as error:
        raise Unresolved(str(error).removeprefix("ClientError: ")) from None
    made = _made(execution, step)
    execution.end_step(step.name, "Succeeded", Metadata={"Lineage": made}, Properties=made)


def _made(execution: Execution, step: Step) -> Doc:
    made: Doc = execution.step(step.name).get(MADE, {})
    return made


async def _create(execution: Execution, step: Step, noun: str, entity: Doc) -> None:
    member, name = f"{noun}Arns", str(entity[f"{noun}Name"])
    made = _made(execution, step)
    if name in made.get(member, {}):
        return
    request = schema.coerced(entity, input_of(noun))
    answer = await invoked(execution.aws, execution.role, f"Create{noun}", request)
    arns = made.get(member, {}) | {name: answer[f"{noun}Arn"]}
    execution.set_step(step.name, StepStatus="Executing", **{MADE: made | {member: arns}})


async def _associate(execution: Execution, step: Step, association: Doc) -> None:
    made = _made(execution, step)
    ends = {f"{end}Arn": _arn(made, association[end]) for end in ENDS}
    done = made.get(ASSOCIATIONS, [])
    if ends in done:
        return
    kind = association.get("AssociationType")
    request = ends | ({"AssociationType": kind} if kind else {})
    await invoked(execution.aws, execution.role, "AddAssociation", request)
    execution.set_step(step.name, **{MADE: made | {ASSOCIATIONS: [*done, ends]}})


def _arn(made: Doc, end: Doc) -> str:
    """Return the ARN that an end of an association has, or names; raise Unresolved."""
    if "Arn" in end:
        return str(end["Arn"])
    arn = made.get(f"{end['Type']}Arns", {}).get(str(end["Name"]))
    if arn is None:
        raise Unresolved(f"The step creates no {end['Type']} {end['Name']}. Give its Arn.")
    return str(arn)
