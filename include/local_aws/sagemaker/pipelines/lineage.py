"""The arguments of Lineage steps: entities and associations, as the SDK sends them."""

from __future__ import annotations

from botocore.model import StructureShape

from ...core.store import Doc
from ...wire import model
from . import schema
from .steps import Step

NOUNS = ("Action", "Artifact", "Context")
ASSOCIATIONS, ENDS = "Associations", ("Source", "Destination")
MEMBERS = (*(f"{noun}s" for noun in NOUNS), ASSOCIATIONS)
PROPERTIES = (*(f"{noun}Arns" for noun in NOUNS), ASSOCIATIONS)


def problem(step: Step) -> str | None:
    """Return what is wrong with the arguments of a step; None if nothing is."""
    arguments = step.arguments
    if unknown := sorted(arguments.keys() - set(MEMBERS)):
        return f"Unknown Argument member '{unknown[0]}'. In step {step.name!r}."
    if not any(arguments.get(member) for member in MEMBERS):
        return f"Step {step.name!r} needs one of {', '.join(MEMBERS)}."
    for member in MEMBERS:
        elements = arguments.get(member) or []
        if not isinstance(elements, list) or not all(isinstance(e, dict) for e in elements):
            return f"{member} of step {step.name!r} must be a list of objects."
    for noun in NOUNS:
        for entity in arguments.get(f"{noun}s") or []:
            if reason := _entity(noun, entity):
                return f"{reason} In step {step.name!r}."
    ends = [a.get(end) for a in arguments.get(ASSOCIATIONS) or [] for end in ENDS]
    if not all(map(_is_end, ends)):
        return (
            f"An association of step {step.name!r} needs a Source and a Destination, each with "
            f"either Arn, or Name and Type ({', '.join(NOUNS)})."
        )
    return None


def _entity(noun: str, entity: Doc) -> str | None:
    if reason := schema.problem(entity, input_of(noun)):
        return reason
    missing = schema.missing(entity, input_of(noun), "")
    if f"{noun}Name" not in entity:
        missing = [f"{noun}Name"]  # the key of the ARN in the properties
    return f"{noun} lacks {missing[0]!r}." if missing else None


def _is_end(end: object) -> bool:
    if not isinstance(end, dict):
        return False
    return end.keys() == {"Arn"} or (end.keys() == {"Name", "Type"} and end["Type"] in NOUNS)


def input_of(noun: str) -> StructureShape:
    """Return the request that creates an entity."""
    operation = model.operation("sagemaker", f"Create{noun}")
    if operation is None:
        raise LookupError(f"sagemaker has no operation Create{noun}")
    return operation.input_shape
