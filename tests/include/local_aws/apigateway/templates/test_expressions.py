"""Literals, ranges and operators."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure
from tests.include.local_aws.apigateway.templates.rendering import rendered


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ("'$x\\n'", "$x\\n"),
        ('"$x ""quoted"""', '1 "quoted"'),
        ("[1..3]", "[1,2,3]"),
        ("[2..-1]", "[2,1,0,-1]"),
        ("7 / 2 + 1 * 2", "5"),
        ("-7 / 2", "-3"),
        ("7.0 / 2", "3.5"),
        ("9007199254740993 / 1", "9007199254740993"),
        ("7 % 4 - 1", "2"),
        ("'a' + 1", "a1"),
        ("$x + 'b'", "1b"),
        ("2 >= 2 && !(2 > 2)", "true"),
        ("'a' lt 'b' and not ('a' ge 'b')", "true"),
        ("1 == '1' || 1 != 1", "false"),
        ("{'a': 1} == {'a': 1}", "true"),
    ],
)
def test_value_of_an_expression(expression: str, made: str) -> None:
    assert rendered(f"#set($x = 1)#set($y = {expression})$y") == made


@pytest.mark.parametrize("expression", ["1 / 0", "1 % 0"])
def test_division_by_zero_is_null(expression: str) -> None:
    assert rendered(f"#set($y = {expression})#if($y)$y#{{else}}null#end") == "null"


def test_product_beyond_the_largest_float_is_infinite() -> None:
    assert rendered("#set($y = 9.0 * $big * $big)$y", big=1.7e308) == "Infinity"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#set($a=9)" + "#set($a=$a*$a)" * 9, "out of the range of 64 bits"),
        ("#foreach($i in [1..1001])x#end", "A range has at most 1000 numbers"),
        ("#set($a = ['a'..3])", "cannot be parsed"),
        ("#set($a = [$input.params('id')..3])", "A range has two whole numbers"),
        ("#set($a = 'seven' * 2)", "'seven' is not a number"),
        ("#if(1 > 'a')x#end", "'a' is not a number"),
        ("#set($a = true - 1)", "'true' is not a number"),
    ],
)
def test_an_expression_is_refused(text: str, why: str) -> None:
    with pytest.raises(TemplateFailure, match=why):
        rendered(text)
