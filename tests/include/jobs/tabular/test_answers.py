"""A model's numbers become classes, probabilities and the version, in the form that is accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from include.jobs.tabular.answers import Answers, transform_fn
from include.jobs.tabular.responses import Refusal
from include.jobs.tabular.schema import Schema

BINARY = Schema(key="id", label="sold", labels={"yes": 1, "no": 0}, numbers=("rooms",))
MANY = Schema(key="id", label="kind", labels={"a": 0, "b": 1, "c": 2}, numbers=("rooms",))
NUMBER = Schema(key="id", label="price", numbers=("rooms",))
JSON, LINES, CSV = "application/json", "application/jsonlines", "text/csv"
VERSIONED = {"PRODML_MODEL_VERSION": "3"}


def answered(
    schema: Schema, body: str | bytes, accept: str, variables: dict[str, str] | None = None
) -> Any:
    model = Answers(schema, VERSIONED if variables is None else variables)
    answer = transform_fn(model, body, "text/csv; charset=utf-8", accept)
    if isinstance(answer, Refusal):
        return answer.status.value, answer.sentence
    text, kind = answer
    assert kind == accept or accept in ("*/*", "", "text/html, */*;q=0.1")
    return json.loads(text) if kind == JSON else text


def test_one_line_is_an_object_and_the_last_of_several_a_repetition() -> None:
    yes, no = ({"label": s, "probability": p, "version": "3"} for s, p in (("yes", 0.5), ("no", 0)))
    assert answered(BINARY, "0.5\n", JSON) == yes
    assert answered(BINARY, "0.5\n0.5\n", JSON) == [yes]
    assert answered(BINARY, b"0.5\n0.0\n0.0\n", JSON) == [yes, no]
    lines = answered(BINARY, "0.5\n0.0\n0.0\n", LINES).splitlines()
    assert [json.loads(line) for line in lines] == [yes, no]
    assert answered(BINARY, "0.5\n0.0\n0.0\n", CSV) == "0.5\n0.0\n"


def test_the_threshold_decides_between_two_classes() -> None:
    variables = {"PRODML_THRESHOLD": "0.3"}
    said = {"label": "yes", "probability": 0.3, "version": None}
    assert answered(BINARY, "0.3\n", JSON, variables) == said
    assert answered(BINARY, "0.7,0.3\n", JSON, variables) == said
    assert answered(BINARY, "0.29\n", JSON, variables)["label"] == "no"


def test_probabilities_of_an_automl_model_are_put_in_the_order_of_the_classes() -> None:
    """Its labels say which class each is of; the second of two is the positive one."""
    swapped = "\"[0.7, 0.3]\",\"['1', '0']\"\n"
    assert answered(BINARY, swapped, JSON)["probability"] == 0.7
    three = "\"[0.2, 0.1, 0.7]\",\"['2', '0', '1']\"\n"
    assert answered(MANY, three, JSON)["probabilities"] == {"a": 0.1, "b": 0.7, "c": 0.2}
    status, sentence = answered(MANY, '"[0.2, 0.8]"\n', JSON)
    assert (status, "cannot be read" in sentence) == (500, True)


def test_several_classes_are_answered_by_name() -> None:
    chances = {"a": 0.1, "b": 0.7, "c": 0.2}
    said = {"label": "b", "probability": 0.7, "probabilities": chances, "version": "3"}
    assert answered(MANY, "[0.1, 0.7, 0.2]\n", JSON) == said
    assert answered(MANY, "2.0\n", JSON) == {"label": "c", "version": "3"}
    assert answered(MANY, "0.1,0.7,0.2\n2\n2\n", CSV) == "b\nc\n"


def test_a_regression_answers_numbers() -> None:
    assert answered(NUMBER, "1.25\n", JSON) == {"prediction": 1.25, "version": "3"}
    assert answered(NUMBER, "1.25\n-3\n-3\n", CSV) == "1.25\n-3.0\n"


@pytest.mark.parametrize("accept", ["*/*", "", "text/html, */*;q=0.1"])
def test_whoever_accepts_anything_gets_json(accept: str) -> None:
    assert answered(NUMBER, "1\n", accept)["prediction"] == 1


@pytest.mark.parametrize(
    ("schema", "body", "accept", "status", "sentence"),
    [
        (BINARY, "0.5\n", "text/html", 406, "Accept 'text/html' is not supported. Use application"),
        (BINARY, "1.5\n", CSV, 500, "1.5 is not a probability. Check the output_fn"),
        (BINARY, "nan\n", CSV, 500, "nan is not finite"),
        (BINARY, "yes\n", CSV, 500, "cannot be read"),
        (BINARY, "\"[0.3, 0.7]\",\"['1', '2']\"\n", CSV, 500, "no probability for each class"),
        (BINARY, '"[0.3]",5\n', CSV, 500, "no probability for each class"),
        (MANY, "3\n", CSV, 500, "3.0 is not a class of 0 to 2"),
        (MANY, "0.5,0.5\n", CSV, 500, "2 values for 3 classes"),
    ],
)
def test_what_no_model_can_mean_is_refused(
    schema: Schema, body: str, accept: str, status: int, sentence: str
) -> None:
    answer = answered(schema, body, accept)
    assert (answer[0], sentence in answer[1]) == (status, True), answer
