"""Values of templates print, compare and answer as those of Java do."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway.templates import values
from include.local_aws.apigateway.templates.budget import TemplateFailure, limited
from tests.include.local_aws.apigateway.templates.rendering import rendered

pytestmark = pytest.mark.usefixtures("budget")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        (float("-inf"), "-Infinity"),
        (float("nan"), "NaN"),
        ({"a": {"b": None}, "c": [1]}, "{a={b=null}, c=[1]}"),
        ([{"ä": "x"}, True], '[{"ä":"x"},true]'),
    ],
)
def test_text_is_that_of_java(value: Any, text: str) -> None:
    assert values.text_of(value) == text


def test_only_null_and_false_are_false() -> None:
    assert all(map(values.is_true, (0, "", [], {})))
    assert not any(map(values.is_true, (None, False)))


@pytest.mark.parametrize(
    ("value", "name", "arguments", "result"),
    [
        ("a.b..", "split", ["[.]"], ["a", "b"]),
        ("a.b.c", "split", ["[.]", 2], ["a", "b.c"]),
        ("2024-05", "replaceAll", ["(\\d+)-(\\d+)", "$2/$1"], "05/2024"),
        ("a.b", "replace", [".", "$1"], "a$1b"),
        ("abc", "matches", ["b"], False),
        ("abc", "substring", [1], "bc"),
        ("abc", "substring", [1, 1], ""),
        ("abc", "lastIndexOf", ["z"], -1),
        ("abc", "concat", [1], "abc1"),
        ("aB", "equalsIgnoreCase", ["Ab"], True),
        ([1, 2], "indexOf", [2], 1),
        ([1, 2], "indexOf", [3], -1),
        ([1, 2], "get", [5], None),
        ({"a": 1}, "entrySet", [], [{"key": "a", "value": 1}]),
        ({"a": 1}, "put", ["a", 2], 1),
        ({"a": 1}, "remove", ["b"], None),
        (1, "equals", [1.0], False),
        (2.9, "intValue", [], 2),
        (None, "anything", [1], None),
    ],
)
def test_methods_answer_as_those_of_java(
    value: Any, name: str, arguments: list[Any], result: Any
) -> None:
    assert values.call(value, name, arguments) == result


@pytest.mark.parametrize(
    ("value", "name", "arguments", "why"),
    [
        ("a", "format", [], r"format\(\) of str is not available in templates"),
        ("a", "substring", [2], r"substring\(\) failed: 2 to 1 is outside of 1 characters"),
        ("a", "charAt", [1], r"charAt\(\) failed"),
        ("a", "length", [1], r"length\(\) failed"),
        ("a", "replaceAll", ["(", ""], r"'\(' is not a pattern"),
        ("a", "matches", ["a" * 201], "more than 200 characters"),
        ("a" * 1000, "replace", ["", "b" * 30_000], "too much text"),
    ],
)  # fmt: skip
def test_a_call_is_refused(value: Any, name: str, arguments: list[Any], why: str) -> None:
    with pytest.raises(TemplateFailure, match=why):
        values.call(value, name, arguments)


def test_a_pattern_of_a_template_does_not_run_for_long() -> None:
    with pytest.raises(TemplateFailure, match="takes too long"):
        values.call("a" * 400, "replaceAll", ["(.*a){12}c", "x"])


def test_members_and_elements_that_are_missing_are_null() -> None:
    assert values.property_of({"a": 1}, "b") is None
    assert values.property_of("text", "upper") is None
    assert values.element([1], True) is None
    assert values.element([1], -2) is None
    assert values.element("text", 0) is None


def test_empty_is_a_property_unless_a_map_has_such_a_member() -> None:
    assert values.property_of("", "empty") is values.property_of({}, "empty") is True
    assert values.property_of([1], "empty") is False
    assert values.property_of({"empty": "own"}, "empty") == "own"


def test_work_on_a_long_value_costs_steps() -> None:
    with limited(10) as budget:
        values.weigh("x" * 5_000)
        assert budget.steps == 5
        with pytest.raises(TemplateFailure, match="too many steps"):
            values.weigh([0] * 1_000)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("#set($m = {\"k\": 1})#set($m.j = \"v\")$m $m.size()", "{k=1, j=v} 2"),
        ("#set($l = [])#set($ok = $l.add('x'))$l.size() $l.isEmpty() $l.empty", "1 false false"),
    ],
)  # fmt: skip
def test_maps_and_lists_are_changed_by_their_methods(text: str, made: str) -> None:
    assert rendered(text) == made
