from __future__ import annotations

import pytest

from include.local_aws.cloudwatch.metric_math import evaluate
from include.local_aws.wire.errors import AwsError

KNOWN = {"a": {0.0: 4.0, 60.0: 9.0}, "b": {0.0: 2.0, 60.0: 0.0, 120.0: 1.0}}


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("a / b", {0.0: 2.0}),
        ("a + b * 10", {0.0: 24.0, 60.0: 9.0}),
        ("(a - 1) * 2", {0.0: 6.0, 60.0: 16.0}),
        ("100 / b", {0.0: 50.0, 120.0: 100.0}),
        ("1 + 2", {}),
    ],
)
def test_points_are_combined_where_both_sides_have_them(
    expression: str, values: dict[float, float]
) -> None:
    assert evaluate(expression, KNOWN) == values


@pytest.mark.parametrize(
    "expression",
    ["a +", "c", "SUM([a, b])", "a ** b", "1 / 0", "'text'", "a if b else 1", "(" * 300, "9" * 400],
)
def test_other_expressions_are_refused_by_their_text(expression: str) -> None:
    with pytest.raises(AwsError) as caught:
        evaluate(expression, KNOWN)
    assert caught.value.code == "ValidationError"
    assert f"'{expression}'" in caught.value.message
