"""The conditions of a Condition step."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from ...core.store import Doc
from .expressions import Unresolved

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
MEMBERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(COMPARISONS, ("LeftValue", "RightValue")),
    "In": ("QueryValue", "Values"),
    "Not": ("Condition",),
    "Or": ("Conditions",),
}


def problem(condition: Any) -> str | None:
    """Return what is wrong with the form of a condition; None if it is right."""
    kind = condition.get("Type") if isinstance(condition, dict) else None
    if kind not in MEMBERS:
        return f"{kind!r} is not a type of condition. Use one of {', '.join(MEMBERS)}."
    if missing := [member for member in MEMBERS[kind] if condition.get(member) is None]:
        return f"A condition of type {kind} needs {missing[0]}."
    nested = condition.get("Conditions", []) if kind == "Or" else []
    inner = [condition["Condition"]] if kind == "Not" else nested
    return next(filter(None, map(problem, inner)), None)


def holds(condition: Doc) -> bool:
    """Return the outcome of a condition whose values are known; raise Unresolved."""
    kind = condition["Type"]
    if kind == "Not":
        return not holds(condition["Condition"])
    if kind == "Or":
        return any(holds(inner) for inner in condition["Conditions"])
    if kind == "In":
        query = condition["QueryValue"]
        return any(_compared("Equals", query, value) for value in condition["Values"])
    return _compared(kind, condition["LeftValue"], condition["RightValue"])


def _compared(kind: str, left: Any, right: Any) -> bool:
    """Compare numbers as numbers, also if one of them is written as a string."""
    left, right = _paired(left, right), _paired(right, left)
    try:
        return COMPARISONS[kind](left, right)
    except TypeError:
        raise Unresolved(
            f"Condition {kind} cannot compare {left!r} with {right!r}. Compare values of one type."
        ) from None


def _paired(value: Any, other: Any) -> Any:
    is_number = isinstance(other, int | float) and not isinstance(other, bool)
    if isinstance(value, str) and isinstance(other, bool):
        return {"true": True, "false": False}.get(value.lower(), value)
    if isinstance(value, str) and is_number:
        try:
            return float(value)
        except ValueError:
            return value
    return value
