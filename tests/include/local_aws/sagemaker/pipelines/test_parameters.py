"""The declarations of parameters, and their values in an execution."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.pipelines import parameters
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.pipelines.definitions import parameter

DECLARED = [
    parameter("Name", DefaultValue="x"),
    parameter("Count", "Integer"),
    parameter("Rate", "Float", DefaultValue=1),
    parameter("On", "Boolean", DefaultValue=False),
    parameter("Mode", EnumValues=["a", "b"], DefaultValue="a"),
]


def given(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def test_values_have_their_types_and_defaults() -> None:
    values = parameters.values(DECLARED, given(Count="3", Rate="0.5", On="True"))
    assert values == {"Name": "x", "Count": 3, "Rate": 0.5, "On": True, "Mode": "a"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Parameter Count has no default value"),
        ({"Count": "three"}, "Value 'three' of parameter Count is not of type Integer"),
        ({"Count": "1", "On": "yes"}, "Value 'yes' of parameter On is not of type Boolean"),
        ({"Count": "1", "Mode": "c"}, "Value 'c' of parameter Mode is not one of ['a', 'b']"),
        ({"Count": "1", "Other": "c"}, "'Other' is not in the definition"),
        ({"Count": "1", "Name": ""}, 'string "" is too short (length: 0, required minimum: 1)'),
    ],
)
def test_other_values_are_refused(values: dict[str, str], words: str) -> None:
    with pytest.raises(AwsError) as caught:
        parameters.values(DECLARED, given(**values))
    assert (caught.value.code, words in caught.value.message) == ("ValidationException", True)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ([parameter("A"), parameter("A")], "Change 'A'"),
        ([parameter("A", "Text")], "has Type 'Text'"),
        ([parameter("A", "Integer", DefaultValue="1")], "'1' of parameter A is not of Type"),
        ([parameter("A", "Integer", DefaultValue=True)], "True of parameter A is not of Type"),
        ([parameter("A", EnumValues=["x"], DefaultValue="y")], "is not in ['x']"),
    ],
)
def test_a_wrong_declaration_is_refused(declared: list[Any], words: str) -> None:
    with pytest.raises(AwsError) as caught:
        parameters.check(declared)
    assert words in caught.value.message


def test_a_value_that_is_given_twice_is_refused() -> None:
    with pytest.raises(AwsError, match="'Count' is given twice"):
        parameters.values(DECLARED, [*given(Count="1"), *given(Count="2")])
