from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.cloudwatch.alarms import judge

ALARM: dict[str, Any] = {
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 100.0,
    "EvaluationPeriods": 3,
    "StateValue": "INSUFFICIENT_DATA",
}


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([101.0, 102.0, 103.0], "ALARM"),
        ([101.0, 100.0, 103.0], "OK"),
        ([None, None, 5.0], "OK"),
        ([None, None, None], "INSUFFICIENT_DATA"),
        ([None, 101.0, 102.0], "INSUFFICIENT_DATA"),
    ],
)
def test_all_periods_must_breach(values: list[float | None], state: str) -> None:
    assert judge(ALARM, values) == state


def test_two_of_three_are_enough_if_configured() -> None:
    assert judge(ALARM | {"DatapointsToAlarm": 2}, [101.0, 0.0, 101.0]) == "ALARM"


@pytest.mark.parametrize(
    ("treatment", "state"),
    [("breaching", "ALARM"), ("notBreaching", "OK"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_missing_data_counts_as_configured(treatment: str, state: str) -> None:
    assert judge(ALARM | {"TreatMissingData": treatment}, [None, None, None]) == state


def test_state_stays_while_data_do_not_decide_it() -> None:
    assert judge(ALARM | {"StateValue": "ALARM"}, [None, 101.0, 102.0]) == "ALARM"
