"""The condition operators of a policy, and what they make of the keys of a request."""

from __future__ import annotations

import base64
import ipaddress
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .patterns import Context, equals, matches, matches_arn, substituted

Test = Callable[[str, str], bool]  # the policy's value and the request's
SETS = ("ForAllValues", "ForAnyValue")
IF_EXISTS = "IfExists"


class MalformedCondition(ValueError):
    """Raised for a condition that AWS would refuse; the message names the operator."""


@dataclass(frozen=True)
class Operator:
    """One comparison; a negated one is true when no value of the policy matches."""

    test: Test
    negated: bool = False
    variables: bool = False


def _same_text(expected: str, given: str) -> bool:
    return expected.lower() == given.lower()


def _ordered(parse: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Test:
    def test(expected: str, given: str) -> bool:
        try:
            return compare(parse(given), parse(expected))
        except (ValueError, OverflowError):
            return False

    return test


def _moment(text: str) -> datetime:
    """Return the time of an ISO 8601 text or of epoch seconds."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_network(expected: str, given: str) -> bool:
    try:
        return ipaddress.ip_address(given) in ipaddress.ip_network(expected, strict=False)
    except ValueError:
        return False


def _same_bytes(expected: str, given: str) -> bool:
    try:
        return base64.b64decode(expected, validate=True) == base64.b64decode(given, validate=True)
    except ValueError:  # not base64, or not ASCII
        return False


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}


def _comparisons(prefix: str, parse: Callable[[str], Any]) -> dict[str, Operator]:
    tests = {name: _ordered(parse, compare) for name, compare in COMPARISONS.items()}
    operators = {f"{prefix}{name}": Operator(test) for name, test in tests.items()}
    return operators | {f"{prefix}NotEquals": Operator(tests["Equals"], negated=True)}


def _with_negation(name: str, negation: str, test: Test) -> dict[str, Operator]:
    return {
        name: Operator(test, variables=True),
        negation: Operator(test, negated=True, variables=True),
    }


OPERATORS: dict[str, Operator] = {
    **_with_negation("StringEquals", "StringNotEquals", equals),
    **_with_negation("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", _same_text),
    **_with_negation("StringLike", "StringNotLike", matches),
    **_with_negation("ArnEquals", "ArnNotEquals", matches_arn),
    **_with_negation("ArnLike", "ArnNotLike", matches_arn),
    **_comparisons("Numeric", float),
    **_comparisons("Date", _moment),
    "Bool": Operator(_same_text),
    "BinaryEquals": Operator(_same_bytes),
    "IpAddress": Operator(_in_network),
    "NotIpAddress": Operator(_in_network, negated=True),
}


@dataclass(frozen=True)
class Condition:
    """One operator with one key; all conditions of a statement must hold."""

    operator: Operator | None  # None for Null
    quantifier: str  # "", "ForAllValues" or "ForAnyValue"
    if_exists: bool
    key: str
    values: tuple[str, ...]

    def holds(self, context: Context, *, variables: bool) -> bool:
        """Return whether the request's values of the key satisfy it."""
        given = context.get(self.key, ())
        if self.operator is None:
            return any((value.lower() == "true") == (not given) for value in self.values)
        if not given:
            return self._holds_without_key()
        expected = self._expected(context, variables=variables)
        holding = (self._holds_for(self.operator, expected, value) for value in given)
        if self.quantifier == "ForAllValues":
            return all(holding)
        if self.operator.negated and not self.quantifier:
            return all(holding)
        return any(holding)

    def _holds_without_key(self) -> bool:
        if self.if_exists or self.quantifier == "ForAllValues":
            return True
        return bool(self.operator and self.operator.negated and not self.quantifier)

    def _expected(self, context: Context, *, variables: bool) -> Sequence[str]:
        if not (variables and self.operator and self.operator.variables):
            return self.values
        resolved = (substituted(value, context) for value in self.values)
        return [value for value in resolved if value is not None]

    @staticmethod
    def _holds_for(known: Operator, expected: Sequence[str], given: str) -> bool:
        return any(known.test(value, given) for value in expected) != known.negated


def parsed(block: dict[str, dict[str, Any]]) -> tuple[Condition, ...]:
    """Return the conditions of a statement's Condition element; raise MalformedCondition."""
    return tuple(
        _condition(name, key, values)
        for name, keys in block.items()
        for key, values in keys.items()
    )


def _condition(name: str, key: str, values: Any) -> Condition:
    quantifier, _, bare = name.rpartition(":")
    if_exists = bare.endswith(IF_EXISTS) and bare != f"Null{IF_EXISTS}"
    bare = bare.removesuffix(IF_EXISTS) if if_exists else bare
    if (quantifier and quantifier not in SETS) or (bare != "Null" and bare not in OPERATORS):
        raise MalformedCondition(
            f"Condition operator {name!r} does not exist. Use one of "
            f"{', '.join(sorted([*OPERATORS, 'Null']))}."
        )
    listed = values if isinstance(values, list) else [values]
    texts = tuple(_text(value) for value in listed)
    return Condition(OPERATORS.get(bare), quantifier, if_exists, key.lower(), texts)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
