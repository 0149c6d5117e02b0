"""Evaluate the literals, the ranges and the operators of a template."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, ClassVar

from . import values
from .budget import ITERATIONS, TemplateFailure, current
from .engine import Namespace, base, engine

LARGEST = 2**63


class Literal(base("StringLiteral")):  # type: ignore[misc]
    """A string in single quotes, in which nothing is escaped."""

    STRING = re.compile(r"'([^']*)'")

    def parse(self) -> None:
        (self.value,) = self.identity_match(self.STRING)


class Interpolated(base("InterpolatedStringLiteral")):  # type: ignore[misc]
    """A string in double quotes, with references; two quotes stand for one."""

    STRING = re.compile(r'"((?:[^"]|"")*)"')

    def parse(self) -> None:
        (text,) = self.identity_match(self.STRING)
        self.value = text.replace('""', '"')
        self.block = engine.Block(self.filename, self.value, 0)


class Range(base("Range")):  # type: ignore[misc]
    """A range of whole numbers."""

    def calculate(self, namespace: Namespace, loader: Any) -> list[int]:
        first = self.value1.calculate(namespace, loader)
        last = self.value2.calculate(namespace, loader)
        if not isinstance(first, int) or not isinstance(last, int):
            raise TemplateFailure("A range has two whole numbers.")
        if abs(last - first) >= ITERATIONS:
            raise TemplateFailure(f"A range has at most {ITERATIONS} numbers.")
        return [*range(first, last + 1)] if first <= last else [*range(first, last - 1, -1)]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateFailure(f"{values.text_of(value)[:40]!r} is not a number.")
    return value


def _arithmetic(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def calculate(left: Any, right: Any) -> Any:
        try:
            result = apply(_number(left), _number(right))
        except (ZeroDivisionError, OverflowError):
            return None
        if isinstance(result, int) and not -LARGEST <= result < LARGEST:
            raise TemplateFailure("A number is out of the range of 64 bits.")
        return result

    return calculate


def _is_equal(left: Any, right: Any) -> bool:
    values.weigh(left)
    return bool(left == right)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def calculate(left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            values.weigh(left)
            return compare(left, right)
        return compare(_number(left), _number(right))

    return calculate


def _added(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        return current().write(values.text_of(left) + values.text_of(right))
    return _arithmetic(operator.add)(left, right)


def _divided(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return int(left / right) if abs(left) < 2**53 else left // right
    return left / right


GREATER, LESS = _compared(operator.gt), _compared(operator.lt)
NOT_LESS, NOT_GREATER = _compared(operator.ge), _compared(operator.le)


class Binary(base("BinaryOperator")):  # type: ignore[misc]
    """An operator between two values."""

    OPERATORS: ClassVar = {
        **dict.fromkeys((">", "gt"), GREATER),
        **dict.fromkeys((">=", "ge"), NOT_LESS),
        **dict.fromkeys(("<", "lt"), LESS),
        **dict.fromkeys(("<=", "le"), NOT_GREATER),
        **dict.fromkeys(("==", "eq"), _is_equal),
        **dict.fromkeys(("!=", "ne"), lambda a, b: not _is_equal(a, b)),
        **dict.fromkeys(("||", "or"), lambda a, b: values.is_true(a) or values.is_true(b)),
        **dict.fromkeys(("&&", "and"), lambda a, b: values.is_true(a) and values.is_true(b)),
        "%": _arithmetic(operator.mod),
        "+": _added,
        "-": _arithmetic(operator.sub),
        "*": _arithmetic(operator.mul),
        "/": _arithmetic(_divided),
    }


class Unary(base("UnaryOperatorValue")):  # type: ignore[misc]
    """A negation."""

    OPERATORS: ClassVar = dict.fromkeys(("!", "not"), lambda value: not values.is_true(value))
