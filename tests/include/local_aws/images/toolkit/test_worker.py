"""A single model in the scikit-learn image, as AWS's Flask application answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

Ask = Callable[..., list[Any]]
ASK = """
import serve, sys
sys.modules.pop("inference", None)  # each test has handlers of its own
status, kind, body = serve.Server().invoke(payload.encode(), headers)
answer = [status, kind, body.decode()]
"""
MODEL = """
class Sums:
    def predict(self, rows):
        return rows.sum(axis=1)

def model_fn(model_dir):
    return Sums()
"""
REFUSAL = """
def refusal(environ, start_response):
    start_response("400 Bad Request", [("Content-Type", "text/x-sentence")])
    return [b"no ", b"such column"]

def transform_fn(model, data, content_type, accept):
    return refusal
"""


@pytest.fixture(name="ask")
def _ask(sklearn: Interpreter) -> Ask:
    def asked(payload: str, script: str = "", **headers: str) -> list[Any]:
        code = sklearn.base / "model" / "code" / "inference.py"
        code.write_text(MODEL + script)
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        answer: list[Any] = sklearn.run(ASK, payload=payload, headers=given)
        code.unlink()
        return answer

    return asked


def test_defaults_answer_in_the_accepted_form(ask: Ask) -> None:
    csv = {"content_type": "text/csv"}
    assert ask("1,2\n3,4", **csv) == [200, "application/json", "[3.0, 7.0]"]
    text = [200, "text/csv; charset=utf-8", "3.0\n7.0\n"]
    assert ask("1,2\n3,4", accept="text/csv", **csv) == text
    assert ask("[[1, 2], [3, 4]]", accept="*/*") == [200, "application/json", "[3.0, 7.0]"]


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        ("1,2", {"content_type": "text/csv"}),  # one row has one axis, which no model takes
        ("1,a\n2,3", {"content_type": "text/csv"}),
        ("1,2\n3,4", {"content_type": "text/csv; charset=utf-8"}),
        ("[[1, 2]]", {"accept": "text/plain"}),
    ],
)
def test_an_error_is_a_page_without_its_reason(
    ask: Ask, sklearn: Interpreter, payload: str, headers: dict[str, str]
) -> None:
    status, kind, body = ask(payload, **headers)
    assert (status, kind) == (500, "text/html; charset=utf-8")
    assert "<h1>Internal Server Error</h1>" in body


@pytest.mark.parametrize(
    ("result", "kind", "body"),
    [
        ("'text'", "text/html; charset=utf-8", "text"),
        ("{'a': [1]}", "application/json", '{"a":[1]}\n'),
        ("'text', 'text/plain'", "text/plain; charset=utf-8", "text"),
    ],
)
def test_a_result_is_answered_as_flask_does(ask: Ask, result: str, kind: str, body: str) -> None:
    script = f"def output_fn(prediction, accept):\n    return {result}\n"
    assert ask("[[1, 2]]", script) == [200, kind, body]


def test_a_callable_is_a_response_of_its_own(ask: Ask) -> None:
    assert ask("[[1, 2]]", REFUSAL) == [400, "text/x-sentence", "no such column"]
