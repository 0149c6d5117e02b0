"""Members of a definition with another JSON type than AWS's are named."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.forms import wrong_member, wrong_parameter
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    callback,
    condition,
    equals,
    model,
    parameter,
    processing,
    property_file,
    reason,
)

FILE = property_file("scores.json")
ARRAY, OBJECT = "Expecting start of Json Array.", "Expecting start of Json Object."


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (model("A", DependsOn="B"), f"{ARRAY} Change DependsOn"),
        (model("A", DependsOn=[1]), f"{OBJECT} Change DependsOn"),
        (model("A", RetryPolicies=["x"]), f"{OBJECT} Change RetryPolicies"),
        (model("A", RetryPolicies=[{}]), f"{ARRAY} Change ExceptionType"),
        (model("A", CacheConfig=[]), f"{OBJECT} Change CacheConfig"),
        (
            processing("A", "", PropertyFiles=[FILE, FILE | {"FilePath": 1}]),
            "Give each of PropertyFiles a string FilePath, in the list",
        ),
        (
            callback("A", "q", {"x": "Text"}),
            "OutputType 'Text' is not one of String, Integer, Float, Boolean. Change it",
        ),
        ({"Arguments": {"Selector": "x"}}, f"{OBJECT} Change Selector"),
        ({"Arguments": {"Conditions": {"Type": "Equals"}}}, f"{ARRAY} Change Conditions"),
    ],
)
def test_a_member_of_another_type_is_named(step: Doc, words: str) -> None:
    assert wrong_member(step) == words


def test_the_refusal_of_a_definition_names_the_step() -> None:
    assert reason(model("A", CacheConfig=[])).endswith(f"{OBJECT} Change CacheConfig of step A.")


def test_members_of_the_right_types_and_null_are_accepted() -> None:
    steps = [
        model("A", DependsOn=["B", {"Step": "C"}], RetryPolicies=None, CacheConfig=None),
        processing("A", "", PropertyFiles=[FILE], RetryPolicies=[{"ExceptionType": []}]),
        callback("A", "q", {"x": "Float"}),
        condition("A", equals(1, 1), then=(), other=()) | {"Arguments": None},
    ]
    assert [wrong_member(step) for step in steps] == [None] * 4


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({}, f"{ARRAY} Change Parameters."),
        (["P"], f"{OBJECT} Change Parameters."),
        ([parameter("P"), {"Name": 1}], "Parameter names must be strings, not 1."),
        ([parameter("P", EnumValues="a")], f"{ARRAY} Change EnumValues of parameter P."),
        ([parameter("P", EnumValues=["a"]), parameter("Q", EnumValues=None)], None),
    ],
)
def test_a_parameter_of_another_type_is_named(declared: Any, words: str | None) -> None:
    assert wrong_parameter(declared) == words
