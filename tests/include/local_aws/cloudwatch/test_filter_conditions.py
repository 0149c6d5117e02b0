from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.cloudwatch import filter_patterns
from include.local_aws.cloudwatch.filter_conditions import InvalidPatternError, Parser

Unique = Callable[[str], str]


def _holds(source: str, **values: Any) -> bool:
    condition = Parser(source, filter_patterns.NAME).condition()
    return condition(lambda name: [values[name]] if name in values else [])


def test_and_binds_closer_than_or() -> None:
    assert _holds("a = 1 || a = 2 && a = 3", a=1)
    assert not _holds("(a = 1 || a = 2) && a = 3", a=1)


def test_numbers_compare_as_numbers_and_texts_as_texts() -> None:
    assert _holds("a = 1.0", a="1")
    assert not _holds('a = "1.0"', a="1")
    assert not _holds("a > 1", a="x")
    assert _holds("a = true", a=True)


@pytest.mark.parametrize(
    ("pattern", "value", "holds"),
    [
        ("a*c", "abc", True),
        ("a*a", "a", False),
        ("*", "", True),
        ("*b*", "abc", True),
        ("a*b*c", "acb", False),
        ("*" * 200 + "x", "y" * 10_000, False),
    ],
)
def test_wildcards_take_linear_time(pattern: str, value: str, holds: bool) -> None:
    began = time.monotonic()
    assert _holds(f'a = "{pattern}"', a=value) is holds
    assert time.monotonic() - began < 1


def test_regular_expression_that_takes_too_long_does_not_match() -> None:
    began = time.monotonic()
    slow = r"x*x*x*x*x*x*x*y"
    assert not _holds(f"a = %{slow}%", a="x" * 5_000)
    assert time.monotonic() - began < 2


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(InvalidPatternError, match="nested"):
        Parser("(" * 300 + "a = 1" + ")" * 300, filter_patterns.NAME).condition()
