"""Requests and results by media type."""

from __future__ import annotations

import pytest

from tests.include.local_aws.images.interpreter import Interpreter


def test_media_types_of_requests_and_responses(handlers: Interpreter) -> None:
    code = """import numpy
from media import decode, encode
answer = [decode(*request) for request in requests]
answer += [encode([{"score": numpy.float32(0.5)}], "application/json")]
answer += [encode([{"label": "A"}], "text/csv")]"""
    requests = [['{"inputs": "a"}', "application/json"], ["inputs\na\nb\n", "text/csv"]]
    assert handlers.run(code, requests=requests) == [
        {"inputs": "a"},
        {"inputs": ["a", "b"]},
        '[{"score":0.5}]',
        "label\r\nA\r\n",
    ]


def test_a_table_has_its_column_of_inputs_or_its_rows(handlers: Interpreter) -> None:
    code = """from media import decode
answer = [decode(table, "text/csv")["inputs"] for table in tables]"""
    tables = ["inputs,id\na,1\n", "question,context\nwho,Ada\n", "INPUTS\na\n"]
    assert handlers.run(code, tables=tables) == [
        ["a"],
        [{"question": "who", "context": "Ada"}],
        [{"INPUTS": "a"}],
    ]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ('decode("a,b", "text/csv")', "none of the headers question, context, inputs. Add one."),
        ('decode("a", "text/x")', "text/x"),
        ('encode([], "audio/ogg")', "audio/ogg"),
        ('encode([float("nan")], "application/json")', "not JSON compliant"),
    ],
)
def test_what_has_no_form_is_refused(handlers: Interpreter, expression: str, words: str) -> None:
    assert words in handlers.refused(f"from media import decode, encode; {expression}")
