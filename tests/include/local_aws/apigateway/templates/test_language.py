"""Macros and blocks of mapping templates, and the limits of nesting and length."""

from __future__ import annotations

import pytest

from tests.include.local_aws.apigateway.templates.rendering import check_stopped, rendered


def test_macros_and_blocks_can_be_called() -> None:
    text = "#macro(twice $x)$x$x#end#twice('ab') #define($d)d#end$d"
    assert rendered(text) == "abab d"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#macro(f)#f()#end#f()", "nested too deeply"),
        ("$a(" + "[$a(" * 40, "nested too deeply"),
        ("#if(" + "(" * 5000, "nested too deeply"),
        ("x" * 300_001, "300000"),
        ("#set($a = ", "cannot be parsed"),
    ],
    ids=["endless macro", "nested calls", "nested parentheses", "long", "cut off"],
)
def test_a_template_is_stopped(text: str, why: str) -> None:
    check_stopped(text, why)
