"""Metric math, limited to arithmetic: `m1 / m2 * 100`."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

from ..wire.errors import AwsError

Series = dict[float, float]
Term = Series | float
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(expression: str, known: dict[str, Series]) -> Series:
    """Return the series of *expression* over the *known* series, by id."""
    try:
        tree = ast.parse(expression, mode="eval").body
        result = _term(tree, known, expression)
    except (ArithmeticError, MemoryError, RecursionError, SyntaxError, ValueError):
        raise _unreadable(expression) from None
    return result if isinstance(result, dict) else {}


def _term(node: ast.expr, known: dict[str, Series], expression: str) -> Term:
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = (_term(side, known, expression) for side in (node.left, node.right))
        return _combined(OPERATORS[type(node.op)], left, right)
    raise _unreadable(expression)


def _combined(function: Callable[[float, float], float], left: Term, right: Term) -> Term:
    """Combine two series where both have data; a division by zero has no point."""
    if isinstance(left, float) and isinstance(right, float):
        return function(left, right)
    times = left.keys() if isinstance(left, dict) else right.keys()  # type: ignore[union-attr]
    series: Series = {}
    for at in times:
        a = left.get(at) if isinstance(left, dict) else left
        b = right.get(at) if isinstance(right, dict) else right
        if a is None or b is None or (function is operator.truediv and b == 0):
            continue
        value = function(a, b)
        if math.isfinite(value):
            series[at] = value
    return series


def _unreadable(expression: str) -> AwsError:
    return AwsError(
        "ValidationError",
        f"Error in expression '{expression}': only + - * / on ids and numbers are emulated.",
    )
