from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.autoscaling.stepping import problem, wanted


def _step(low: float | None, high: float | None, adjustment: int) -> dict[str, Any]:
    bounds = {"MetricIntervalLowerBound": low, "MetricIntervalUpperBound": high}
    known = {name: bound for name, bound in bounds.items() if bound is not None}
    return known | {"ScalingAdjustment": adjustment}


def _config(kind: str, *steps: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"AdjustmentType": kind, "StepAdjustments": list(steps)} | members


OUT = (_step(0, 50, 1), _step(50, None, 3))
IN = (_step(None, -20, -2), _step(-20, 0, -1))


@pytest.mark.parametrize(
    ("steps", "breach", "expected"),
    [
        *((OUT, 0, 5), (OUT, 49.9, 5), (OUT, 50, 7), (OUT, -1, 4), (OUT[:1], 50, 4)),
        *((IN, -20, 2), (IN, -19, 3), (IN, -0.1, 3), (IN, 0, 3), (IN, 1, 4)),
        *((IN[::-1], -20, 2), (OUT + IN, 0, 5), (IN + OUT, 0, 5)),
    ],
)
def test_step_that_holds_the_breach_counts(steps: Any, breach: float, expected: int) -> None:
    assert wanted(_config("ChangeInCapacity", *steps), 4, breach) == expected


@pytest.mark.parametrize(
    ("capacity", "percent", "least", "expected"),
    [(10, 25, None, 12), (4, 10, None, 5), (10, 25, 4, 14), (10, -25, None, 8), (4, -10, None, 3)],
)
def test_percentages_are_rounded_as_aws_does(
    capacity: int, percent: int, least: int | None, expected: int
) -> None:
    members = {} if least is None else {"MinAdjustmentMagnitude": least}
    config = _config("PercentChangeInCapacity", _step(0, None, percent), **members)
    assert wanted(config, capacity, 1) == expected


def test_exact_capacity_is_used_unchanged() -> None:
    assert wanted(_config("ExactCapacity", _step(0, None, 6)), 1, 3) == 6


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"StepAdjustments": [_step(0, None, 1)]}, "AdjustmentType must be specified"),
        (_config("ChangeInCapacity"), "At least one StepAdjustment"),
        (_config("ChangeInCapacity", _step(5, 5, 1)), "greater than its lower bound"),
        (_config("ChangeInCapacity", _step(0, 5, 1), _step(6, None, 2)), "no gaps"),
        (_config("ChangeInCapacity", _step(0, 5, 1), _step(4, None, 2)), "must not overlap"),
        (
            _config("ChangeInCapacity", _step(0, None, 1), MinAdjustmentMagnitude=2),
            "only for AdjustmentType PercentChangeInCapacity",
        ),
    ],
)
def test_invalid_expression_is_refused_with_the_reason(
    config: dict[str, Any], message: str
) -> None:
    assert message in str(problem(config))


def test_sound_configuration_has_no_problem() -> None:
    assert problem(_config("ChangeInCapacity", *OUT)) is None
