"""Read arguments that a template may have rendered as text."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.rendered import given, moment, number, truth


@pytest.mark.parametrize("left_out", [None, "", "None"])
def test_what_is_left_out_has_a_substitute(left_out: str | None) -> None:
    assert given(left_out) is None
    assert given(left_out, 7) == 7
    assert number(left_out) is None


@pytest.mark.parametrize("value", [0, 0.0, False, [], "none", "0"])
def test_what_is_empty_or_zero_is_given(value: Any) -> None:
    assert given(value, "otherwise") is value


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("-1.5", -1.5), (3, 3.0), ("1e3", 1000)])
def test_numbers(text: float | str, value: float) -> None:
    assert number(text) == value


def test_text_that_is_no_number_is_named() -> None:
    with pytest.raises(ValueError, match="'many'"):
        number("many")


@pytest.mark.parametrize("text", [True, "True", " yes ", "1", "ON"])
def test_switches_that_are_on(text: bool | str) -> None:
    assert truth(text) is True


@pytest.mark.parametrize("text", [False, "False", "", "None", "0", "off"])
def test_switches_that_are_off(text: bool | str) -> None:
    assert truth(text) is False


@pytest.mark.parametrize(
    "text", ["2024-03-11T01:00:00+02:00", "2024-03-10T23:00:00Z", "2024-03-10T23:00:00"]
)
def test_a_moment_is_in_utc(text: str) -> None:
    assert moment(text).isoformat() == "2024-03-10T23:00:00+00:00"
