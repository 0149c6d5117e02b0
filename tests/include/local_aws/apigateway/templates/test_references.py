"""References: variables, members, methods and elements, and nothing of Python behind them."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure
from tests.include.local_aws.apigateway.templates.rendering import rendered


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("$missing|$!{missing}|$1.50 \\$x", "||$1.50 $x"),
        ("$missing.a.b[3].c()|", "|"),
        ("${row.name}s $row.name.length()", "anns 3"),
        ("$row.list[0]$row.list[-1]$row.list[9]", "13"),
        ("$row.list.get(1) $row['name']", "2 ann"),
        ("$grid[1][0]", "c"),
        ("${row.missing|'other'} ${row.name|'other'}", "other ann"),
        ("#set($i = 2)$row.list[$i]", "3"),
    ],
)
def test_text_of_a_reference(text: str, made: str) -> None:
    row = {"name": "ann", "list": [1, 2, 3]}
    assert rendered(text, row=row, grid=[["a", "b"], ["c", "d"]]) == made


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$input.params('id').__init__()", r"__init__\(\) of str is not available"),
        ("${input.params('id').format('{0.__class__}')}", r"format\(\) of str is not available"),
        ("$word()", r"\$word is not a method"),
    ],
)
def test_a_reference_is_refused(text: str, why: str) -> None:
    with pytest.raises(TemplateFailure, match=why):
        rendered(text, word="a")


def test_no_template_reaches_an_attribute_of_python() -> None:
    assert rendered("$input.__class__ $util.methods $word.__class__.__mro__", word="a") == "  "


def test_all_references_of_a_template_write_to_one_budget() -> None:
    with pytest.raises(TemplateFailure, match="more than 20 MB"):
        rendered("$word" * 21, word="x" * (1 << 20))
