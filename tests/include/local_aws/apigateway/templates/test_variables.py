"""`$input` and `$util`."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure
from include.local_aws.apigateway.templates.language import Template
from include.local_aws.apigateway.templates.variables import Input
from tests.include.local_aws.apigateway.templates.rendering import PARAMETERS, rendered


def of_body(body: str, text: str) -> str:
    """Return the text that a template makes of a payload."""
    return Template(text).render({"input": Input(body, PARAMETERS).variable()})


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("$input.params('id') $input.params('items') $input.params('X-Name')", "7 1,2 header"),
        ("$input.params('ID')|$input.params('none')|", "||"),
        ("$input.params().querystring.id", "of the query"),
        ("$input.json('$.a.b') $input.path('$.a').b[0]", '[1,{"c":"x\\"y"}] 1'),
        ("$input.json('$..c') $input.json('$.none.x')", '["x\\"y"] ""'),
        ("$util.escapeJavaScript($input.path('$.a.b[1].c'))", 'x\\"y'),
        ("$util.escapeJavaScript($input.path('$.text')).replaceAll(\"\\\\'\",\"'\")", "it's"),
        ("$util.escapeJavaScript($lines)", "a\\n\\/b\\\\"),
        ("$util.urlEncode('a b&c') $util.urlDecode('a+b%26c')", "a+b%26c a b&c"),
        ("$util.base64Encode('ab') $util.base64Decode('YWI=')", "YWI= ab"),
        ("$util.parseJson('{\"k\": [1, true]}').k[1]", "true"),
    ],
)
def test_text_of_a_template(text: str, made: str) -> None:
    assert rendered(text, lines="a\n/b\\") == made


def test_a_request_without_a_payload_has_an_empty_document() -> None:
    assert of_body("", "$input.body $input.json('$') $input.path('$').size()") == "{} {} 0"


@pytest.mark.parametrize("body", ["{", "[" * 100_000], ids=["cut off", "nested"])
def test_a_payload_is_parsed_when_a_template_reads_it(body: str) -> None:
    assert of_body(body, "$input.params('id')") == "7"
    with pytest.raises(TemplateFailure, match="The payload is not JSON"):
        of_body(body, "$input.json('$')")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$input.path('a.b')", "JSONPath"),
        ("$util.parseJson('{')", "text that is not JSON"),
        ("$util.base64Decode('a')", "invalid text"),
        ("$util.base64Decode('/w==')", "invalid text"),
        ("$util.error('a')", r"error\(\) of Variable is not available"),
    ],
)
def test_a_call_is_refused(text: str, why: str) -> None:
    with pytest.raises(TemplateFailure, match=why):
        rendered(text)
