"""Mapping templates: what they make, and that none of them runs Python or goes on for long."""

from __future__ import annotations

import time
from typing import Any

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure
from include.local_aws.apigateway.templates.language import Template
from include.local_aws.apigateway.templates.variables import UTIL, Input

BODY = '{"a": {"b": [1, {"c": "x\\"y"}]}, "text": "it\'s", "none": null}'
PARAMETERS = {
    "path": {"id": "7"},
    "querystring": {"items": "1,2", "id": "of the query"},
    "header": {"x-name": "header"},
}


def rendered(text: str, **variables: Any) -> str:
    known = {"input": Input(BODY, PARAMETERS).variable(), "util": UTIL}
    return Template(text).render(known | variables)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("$missing|$!{missing}|$1.50 #1 a#b \\$x", "||$1.50 #1 a#b $x"),
        ("$input.params('id') $input.params('items') $input.params('X-Name')", "7 1,2 header"),
        ("$input.params().querystring.id", "of the query"),
        ("$input.json('$.a.b') $input.path('$.a').b[0]", '[1,{"c":"x\\"y"}] 1'),
        ("$input.json('$..c') $input.json('$.none.x')", '["x\\"y"] ""'),
        ("$util.escapeJavaScript($input.path('$.a.b[1].c'))", 'x\\"y'),
        ("$util.escapeJavaScript($input.path('$.text')).replaceAll(\"\\\\'\",\"'\")", "it's"),
        ("$util.urlEncode('a b&c') $util.urlDecode('a+b%26c')", "a+b%26c a b&c"),
        ("$util.base64Encode('ab') $util.base64Decode('YWI=')", "YWI= ab"),
        ("$util.parseJson('{\"k\": [1, true]}').k[1]", "true"),
        ("#set($x = 7 / 2 + 1 * 2)$x #if($x > 4 && !$missing)yes#{else}no#end", "5 yes"),
        ("#foreach($i in $input.params('items').split(','))[$i]#if($foreach.hasNext),#end#end",
         "[1],[2]"),
        ("#foreach($k in $input.path('$').keySet())$k;#end", "a;text;none;"),
        ("#set($m = {\"k\": 1})#set($m.j = \"v\")$m $m.size()", "{k=1, j=v} 2"),
        ("#macro(twice $x)$x$x#end#twice('ab') #define($d)d#end$d", "abab d"),
        ("#set($l = [])#set($ok = $l.add('x'))$l.size() $l.isEmpty() $l.empty", "1 false false"),
    ],
)  # fmt: skip
def test_text_of_a_template(text: str, made: str) -> None:
    assert rendered(text) == made


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$input.params('id').__init__()", "not available"),
        ("${input.params('id').format('{0.__class__}')}", "not available"),
        ("#include('/etc/passwd')", "#include is not available"),
        ("#parse('/etc/passwd')", "#parse is not available"),
        ("#evaluate('$x')", "#evaluate is not available"),
        ("#set($a='aaaaaaaaaa')" + '#set($a="$a$a")' * 40, "20 MB"),
        ("#set($a=9)" + "#set($a=$a*$a)" * 9, "64 bits"),
        ("#foreach($i in [1..1000])#foreach($j in [1..1000])x#end#end", "too many steps"),
        ("#foreach($i in [1..1001])x#end", "1000"),
        ("#macro(f)#f()#end#f()", "nested too deeply"),
        ("$a(" + "[$a(" * 40, "nested too deeply"),
        ("#if(" + "(" * 5000, "nested too deeply"),
        ("#*a" * 90_000, "too many steps"),
        ("x" * 300_001, "300000"),
        ("#foreach($i in 3)x#end", "list"),
        ("#set($a = ", "cannot be parsed"),
        ("#if(", "#if is not complete"),
        ("$input.path('a.b')", "JSONPath"),
        ("$util.parseJson('{')", "not JSON"),
        ("$input.params('id').replaceAll('(', '')", "not a pattern"),
    ],
)
def test_a_template_is_stopped(text: str, why: str) -> None:
    began = time.process_time()
    with pytest.raises(TemplateFailure, match=why):
        rendered(text)
    assert time.process_time() - began < 5


def test_no_template_reaches_an_attribute_of_python() -> None:
    assert rendered("$input.__class__ $util.methods $word.__class__.__mro__", word="a") == "  "


def test_a_pattern_of_a_template_does_not_run_for_long() -> None:
    with pytest.raises(TemplateFailure, match="takes too long"):
        rendered("$word.replaceAll('(.*a){12}c', 'x')", word="a" * 400)
