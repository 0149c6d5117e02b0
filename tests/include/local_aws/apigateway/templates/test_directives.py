"""Directives: assignments, conditions, loops, and those that mapping templates do not have."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure
from tests.include.local_aws.apigateway.templates.rendering import rendered


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("#set($x = 0)#if($x)yes#end#if('')yes#end#if($missing)no#end#if(false)no#end", "yesyes"),
        ("#if($missing)a#elseif(1 > 2)b#{else}c#end", "c"),
        ("#set($x = 1)#foreach($i in [1..3])#set($x = $x + $i)#end$x", "7"),
        ("#set($m = {\"k\": {}})#set($m.k.j = \"v\")$m", "{k={j=v}}"),
        ("#foreach($v in {'a': 1, 'b': 2})$v#end#foreach($v in $missing)x#end", "12"),
        ("#foreach($i in [5..7])$velocityCount$foreach.index$foreach.first$foreach.last;#end",
         "10truefalse;21falsefalse;32falsetrue;"),
        ("#foreach($i in $input.params('items').split(','))[$i]#if($foreach.hasNext),#end#end",
         "[1],[2]"),
        ("#foreach($k in $input.path('$').keySet())$k;#end", "a;text;none;"),
        ("# #1 a#b", "# #1 a#b"),
    ],
)  # fmt: skip
def test_text_of_a_template(text: str, made: str) -> None:
    assert rendered(text) == made


def test_a_variable_of_a_loop_ends_with_it() -> None:
    assert rendered("#foreach($i in [1..2])$i#end($i$foreach.count)") == "12()"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#include('/etc/passwd')", "#include is not available in mapping templates"),
        ("#parse('/etc/passwd')", "#parse is not available in mapping templates"),
        ("#evaluate('$x')", "#evaluate is not available in mapping templates"),
        ("#foreach($i in 3)x#end", r"\$i has no list to take values from"),
        ("#set($list = $input.path('$.a.b').split)#set($text.a = 1)", r"\$text is not a map"),
        ("#set($m = {'k': 1})#set($m.k.j = 1)", r"\$m\.k is not a map"),
        ("#if(", "#if is not complete"),
        ("#{foreach}($i in [1..2])$i#end", r"#\{foreach\} is not supported. Write #foreach\."),
        ("#if(true)#{elseif}(true)x#end", r"#\{elseif\} is not supported"),
    ],
)
def test_a_directive_is_refused(text: str, why: str) -> None:
    with pytest.raises(TemplateFailure, match=why):
        rendered(text)


def test_a_loop_has_at_most_a_thousand_iterations() -> None:
    assert rendered("#foreach($i in $rows)x#end", rows=[0] * 1000) == "x" * 1000
    with pytest.raises(TemplateFailure, match="#foreach has at most 1000 iterations"):
        rendered("#foreach($i in $rows)x#end", rows=[0] * 1001)
