"""The outcome of conditions, and their form."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.pipelines.conditions import holds, problem
from include.local_aws.sagemaker.pipelines.expressions import Unresolved


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


TRUE, FALSE = compare("Equals", 1, 1), compare("Equals", 1, 2)


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        (compare("Equals", "a", "a"), True),
        (compare("Equals", "0.50", 0.5), True),
        (compare("Equals", "true", True), True),
        (compare("Equals", "a", 1), False),
        (compare("GreaterThan", 2, 2), False),
        (compare("GreaterThanOrEqualTo", 2, "2"), True),
        (compare("LessThan", 0.1, 0.2), True),
        (compare("LessThanOrEqualTo", 3, 2), False),
        ({"Type": "In", "QueryValue": "b", "Values": ["a", "b"]}, True),
        ({"Type": "In", "QueryValue": 3, "Values": ["1", 2]}, False),
        ({"Type": "Not", "Condition": FALSE}, True),
        ({"Type": "Or", "Conditions": [FALSE, TRUE]}, True),
        ({"Type": "Or", "Conditions": [FALSE, {"Type": "Not", "Condition": TRUE}]}, False),
    ],
)
def test_the_outcome(condition: dict[str, Any], outcome: bool) -> None:
    assert problem(condition) is None
    assert holds(condition) is outcome


def test_values_without_an_order_are_named() -> None:
    with pytest.raises(Unresolved, match="GreaterThan cannot compare 'abc' with 1"):
        holds(compare("GreaterThan", "abc", 1))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"Type": "Near"}, "'Near' is not a type of condition"),
        (None, "None is not a type of condition"),
        ({"Type": "Equals", "LeftValue": 1}, "needs RightValue"),
        ({"Type": "Or", "Conditions": [TRUE, {"Type": "Not"}]}, "needs Condition"),
    ],
)
def test_a_wrong_form_is_named(condition: Any, words: str) -> None:
    assert words in (problem(condition) or "")
