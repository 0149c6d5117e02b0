"""Search expressions: validated against a resource's properties, then evaluated."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, StructureShape

from ...core.store import Doc
from ...wire.errors import validation
from . import properties
from .properties import EITHER, NUMBER, TEXT, TIME, WHOLE, Property

Test = Callable[[Doc], bool]
MOST_CONDITIONS = 50
ORDERED: dict[str, Callable[[float, float], bool]] = {
    "GreaterThan": lambda left, right: left > right,
    "GreaterThanOrEqualTo": lambda left, right: left >= right,
    "LessThan": lambda left, right: left < right,
    "LessThanOrEqualTo": lambda left, right: left <= right,
}
# A search may have several Contains on these, and one on all others together.
OFTEN_CONTAINED = {
    *("DisplayName", "ExperimentName", "TrialName", "TrialComponentName"),
    *("Tags", "InputArtifacts", "OutputArtifacts"),
}


def compiled(expression: Doc | None, shape: StructureShape) -> Test:
    """Return the condition of *expression* on resources of *shape*; raise ValidationException."""
    if expression is None:
        return lambda doc: True
    conditions = list(_conditions(expression))
    if len(conditions) > MOST_CONDITIONS:
        raise validation(
            f"The search expression has {len(conditions)} filters, nested filters and "
            f"subexpressions; at most {MOST_CONDITIONS} are allowed."
        )
    contains = [c["Name"] for c in conditions if c.get("Operator") == "Contains"]
    if sum(name.partition(".")[0] not in OFTEN_CONTAINED for name in contains) > 1:
        raise validation("'CONTAINS' operator usage limit of 1 exceeded.")
    return _expression(expression, shape)


def property_names(expression: Doc | None) -> list[str]:
    """Return the names of the properties that *expression* reads."""
    return [c["Name"] for c in _conditions(expression or {}) if "Name" in c]


def _conditions(expression: Doc) -> list[Doc]:
    """Return every filter, nested filter and subexpression, at all levels."""
    conditions = list(expression.get("Filters", []))
    for nested in expression.get("NestedFilters", []):
        conditions += [nested, *nested["Filters"]]
    for sub in expression.get("SubExpressions", []):
        conditions += [sub, *_conditions(sub)]
    return conditions


def _expression(expression: Doc, shape: StructureShape) -> Test:
    parts = [_filter(item, shape) for item in expression.get("Filters", [])]
    parts += [_nested(item, shape) for item in expression.get("NestedFilters", [])]
    parts += [_expression(item, shape) for item in expression.get("SubExpressions", [])]
    if not parts:
        raise validation(
            "You must provide at least one subexpression, filter, or nested filter "
            "in a search expression."
        )
    combine = any if expression.get("Operator") == "Or" else all
    return lambda doc: combine(part(doc) for part in parts)


def _nested(nested: Doc, shape: StructureShape) -> Test:
    """Return a condition that holds if one element of the list satisfies all filters."""
    name = nested["NestedPropertyName"]
    listed = shape.members.get(name)
    if not isinstance(listed, ListShape) or not isinstance(listed.member, StructureShape):
        raise validation(f"Unknown nested property name: {name}")
    parts = []
    for item in nested["Filters"]:
        if not item["Name"].startswith(f"{name}."):
            raise validation(f"Filter {item['Name']} is not on the nested property {name}.")
        inner = item | {"Name": item["Name"].removeprefix(f"{name}.")}
        parts.append(_filter(inner, listed.member))
    return lambda doc: any(all(part(element) for part in parts) for element in doc.get(name, []))


def _filter(condition: Doc, shape: StructureShape) -> Test:
    property_ = properties.find(shape, condition["Name"])
    operator = condition.get("Operator", "Equals")
    if operator == "Exists":
        return lambda doc: len(property_.read(doc)) > 0
    if operator == "NotExists":
        return lambda doc: not property_.read(doc)
    if "Value" not in condition:
        raise validation(f"A filter on {condition['Name']} with {operator} needs a Value.")
    _check(condition["Name"], property_.kind, operator)
    matches = _comparison(property_, operator.removeprefix("Not"), condition["Value"])
    if operator == "NotEquals":
        return lambda doc: not any(matches(value) for value in property_.read(doc))
    return lambda doc: any(matches(value) for value in property_.read(doc))


def _check(name: str, kind: str, operator: str) -> None:
    """Refuse an operator that the kind of property does not support."""
    refused = {
        TEXT: ORDERED.keys(),
        NUMBER: {"Contains", "In"},
        TIME: {"Contains", "In"},
        EITHER: (),
        WHOLE: {*ORDERED, "In", "Equals", "NotEquals"},
    }
    if operator in refused[kind]:
        raise validation(f"Operator {operator} is not supported for the {kind} property {name}.")


def _comparison(property_: Property, operator: str, wanted: str) -> Callable[[Any], bool]:
    if operator == "Contains":
        return lambda value: wanted.lower() in str(value).lower()
    if operator == "In":
        words = [word.strip() for word in wanted.split(",")]
        return lambda value: str(value) in words
    if property_.kind == TEXT:
        return lambda value: _text(value) == wanted
    right = instant(wanted) if property_.kind == TIME else number(wanted)
    if right is None and (property_.kind != EITHER or operator in ORDERED):
        form = "a number" if property_.kind != TIME else "like 2026-01-31T12:00:00"
        raise validation(f"Value {wanted!r} of the filter on {property_.name} must be {form}.")
    if right is None:
        return lambda value: str(value) == wanted
    whole = property_.whole_numbers and right.is_integer() and "." not in wanted
    compare = ORDERED.get(operator, lambda left, other: left == other)
    return lambda value: _compares(compare, number(value), right, whole)


def _compares(
    compare: Callable[[float, float], bool], left: float | None, right: float, whole: bool
) -> bool:
    return left is not None and compare(int(left) if whole else left, right)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def number(value: Any) -> float | None:
    """Return *value* as a finite number, else None."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def instant(text: str) -> float | None:
    """Return an ISO time in epoch seconds, in UTC unless it has an offset, else None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
