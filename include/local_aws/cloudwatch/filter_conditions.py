"""The conditions inside of filter patterns: comparisons joined by && and ||."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import regex

Lookup = Callable[[str], list[Any]]  # returns the values of a name; empty if it is missing
Condition = Callable[[Lookup], bool]
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|%[^%]*%|&&|\|\||<=|>=|!=|[()<>=]|[^\s()<>=!&|"%]+)')
REGEX = re.compile(r"[A-Za-z0-9\s:_#=@/;,\-^$?\[\]{}|\\*+.]*")  # AWS allows no parentheses
REGEX_SECONDS = 0.1
DEEPEST = 100
NUMERIC: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
}


class InvalidPatternError(ValueError):
    """Raised for a filter pattern that cannot be parsed; the message says why."""


@dataclass(frozen=True)
class Regex:
    """A `%regular expression%` of a pattern."""

    compiled: regex.Pattern[str]

    @classmethod
    def of(cls, token: str) -> Regex:
        source = token[1:-1]
        if len(token) < 3 or not token.endswith("%") or not REGEX.fullmatch(source):
            raise InvalidPatternError(f"Unsupported regular expression {token!r}.")
        try:
            return cls(regex.compile(source))
        except regex.error as error:
            raise InvalidPatternError(f"Regular expression {token!r}: {error}.") from None

    def search(self, value: str) -> bool:
        """Return whether it matches anywhere; a match that takes too long fails."""
        with suppress(TimeoutError):
            return self.compiled.search(value, timeout=REGEX_SECONDS) is not None
        return False


class Parser:
    """Parses one condition over names that match *selector*."""

    def __init__(self, source: str, selector: re.Pattern[str]) -> None:
        self.names: list[str] = []
        self._source, self._selector = source, selector
        self._position = self._depth = 0

    def condition(self) -> Condition:
        """Parse the whole source; raise InvalidPatternError."""
        condition = self._any()
        if self._source[self._position :].strip():
            raise self._unexpected()
        return condition

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._take("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda lookup: any(p(lookup) for p in parts)

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._take("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda lookup: all(p(lookup) for p in parts)

    def _one(self) -> Condition:
        if not self._take("("):
            return self._comparison()
        self._depth += 1
        if self._depth > DEEPEST:
            raise InvalidPatternError(f"More than {DEEPEST} nested parentheses.")
        inside = self._any()
        self._depth -= 1
        if not self._take(")"):
            raise self._unexpected()
        return inside

    def _comparison(self) -> Condition:
        name = self._name()
        operator = self._next()
        if operator in ("=", "!="):
            return _equality(name, self._next(), equal=operator == "=")
        if operator in NUMERIC:
            return _bound(name, NUMERIC[operator], self._next())
        words = (operator.upper(), self._next().upper())
        if words == ("NOT", "EXISTS"):
            return lambda lookup: not lookup(name)
        known = {"NULL": None, "TRUE": True, "FALSE": False}
        if words[0] == "IS" and words[1] in known:
            return lambda lookup: any(value is known[words[1]] for value in lookup(name))
        raise self._unexpected()

    def _name(self) -> str:
        start = self._position + len(self._rest()) - len(self._rest().lstrip())
        match = self._selector.match(self._source, start)
        if match is None:
            raise self._unexpected()
        self._position = match.end()
        self.names.append(match[0])
        return match[0]

    def _rest(self) -> str:
        return self._source[self._position :]

    def _next(self) -> str:
        match = TOKEN.match(self._source, self._position)
        if match is None:
            raise self._unexpected()
        self._position = match.end()
        return match[1]

    def _take(self, token: str) -> bool:
        match = TOKEN.match(self._source, self._position)
        if match is None or match[1] != token:
            return False
        self._position = match.end()
        return True

    def _unexpected(self) -> InvalidPatternError:
        rest = self._rest().strip()
        return InvalidPatternError(f"Unexpected {rest!r}." if rest else "Unexpected end.")


def unquoted(token: str) -> str:
    """Return the text of a quoted token."""
    if len(token) < 2 or not token.endswith('"'):
        raise InvalidPatternError(f"{token!r} has no closing quote.")
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _equality(name: str, token: str, *, equal: bool) -> Condition:
    """Return a comparison with a number, a regular expression or a text with wildcards `*`."""
    matches = _matcher(token)

    def condition(lookup: Lookup) -> bool:
        scalars = [v for v in lookup(name) if not isinstance(v, dict | list | None)]
        return any(matches(value) == equal for value in scalars)

    return condition


def _matcher(token: str) -> Callable[[Any], bool]:
    if token.startswith("%"):
        expression = Regex.of(token)
        return lambda value: expression.search(_text(value))
    if NUMBER.fullmatch(token):
        wanted = float(token)
        return lambda value: _number(value) == wanted
    if token in ("(", ")", "<", ">", "=", "&&", "||"):
        raise InvalidPatternError(f"Unexpected {token!r}.")
    parts = (unquoted(token) if token.startswith('"') else token).split("*")
    return lambda value: _fits(parts, _text(value))


def _fits(parts: list[str], value: str) -> bool:
    """Return whether *value* is *parts* joined by any text, in linear time."""
    if len(parts) == 1:
        return value == parts[0]
    first, *middle, last = parts
    if not value.startswith(first) or len(value) < len(first) + len(last):
        return False
    position, end = len(first), len(value) - len(last)
    for part in middle:
        index = value.find(part, position, end)
        if index < 0:
            return False
        position = index + len(part)
    return value.endswith(last)


def _bound(name: str, compare: Callable[[float, float], bool], token: str) -> Condition:
    if not NUMBER.fullmatch(token):
        raise InvalidPatternError(f"{token!r} is not a number.")
    bound = float(token)
    return lambda lookup: any(compare(_number(value), bound) for value in lookup(name))


def _number(value: Any) -> float:
    """Return the number, or NaN, which equals nothing, for any other text."""
    if isinstance(value, bool) or value is None:
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)
