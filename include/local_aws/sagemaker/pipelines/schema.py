"""The arguments of a step against the shape of the request that they become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from ...core.store import Doc
from .expressions import is_expression, text

NUMBERS: dict[str, Callable[[str], int | float]] = {
    "integer": int,
    "long": int,
    "float": float,
    "double": float,
}
CHANGED = {  # wordings of the definition's parser
    StructureShape: ("Expecting start of Json Object.", dict),
    MapShape: ("Expecting start of Json Object.", dict),
    ListShape: ("Expecting start of Json Array.", list),
}


def problem(value: Any, shape: Shape) -> str | None:
    """Return the first member that the request could not have; None without one."""
    if value is None or is_expression(value):
        return None
    for kind, (sentence, python) in CHANGED.items():
        if isinstance(shape, kind) and not isinstance(value, python):
            return sentence
    if isinstance(shape, StructureShape):
        return _structure(value, shape)
    if isinstance(shape, ListShape):
        return _first(problem(item, shape.member) for item in value)
    if isinstance(shape, MapShape):
        return _first(problem(item, shape.value) for item in value.values())
    if isinstance(value, dict | list):
        return f"Expecting a value of type {shape.type_name}."
    return _scalar(value, shape)


def _structure(value: Doc, shape: StructureShape) -> str | None:
    for name, item in value.items():
        if name not in shape.members:
            return f"Unknown Argument member '{name}'."
        if reason := problem(item, shape.members[name]):
            return reason
    return None


def _scalar(value: Any, shape: Shape) -> str | None:
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        allowed = ", ".join(shape.enum)
        return (
            f"Model Validation failed: Value '{value}' for '{shape.name}' failed to satisfy enum "
            f"value set: [{allowed}]"
        )
    return None


def _first(problems: Any) -> str | None:
    return next(filter(None, problems), None)


def missing(arguments: Doc, shape: StructureShape, name: str) -> list[str]:
    """Return the required members of a request that *arguments* lack, without its *name*."""
    return [m for m in shape.required_members if m != name and arguments.get(m) is None]


def coerced(value: Any, shape: Shape) -> Any:
    """Return *value* with numbers and strings of the types that the request wants.

    Values of expressions are strings or numbers, whatever the request needs.
    """
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            name: coerced(item, shape.members[name]) if name in shape.members else item
            for name, item in value.items()
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [coerced(item, shape.member) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: coerced(item, shape.value) for key, item in value.items()}
    if shape.type_name == "string" and isinstance(value, int | float):
        return text(value)
    if shape.type_name in NUMBERS and isinstance(value, str):
        return _number(value, shape.type_name)
    if shape.type_name == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _number(value: str, kind: str) -> int | float | str:
    try:
        return NUMBERS[kind](value)
    except ValueError:
        return value  # which the request's own validation refuses
