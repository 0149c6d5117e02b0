"""The cause of a failure, by its reason, which decides on retries and instance types."""

from __future__ import annotations

import pytest
from prodml.aws.failure_causes import ELSEWHERE, PASSING, Cause, cause


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("ClientError: Data download failed: SlowDown, please reduce your rate", Cause.THROTTLE),
        ("ClientError: no such file", Cause.REQUEST),
        ("AlgorithmError: Rate exceeded", Cause.CODE),
        ("InternalServerError: We encountered an internal error", Cause.INTERNAL),
        ("CapacityError: Unable to provision requested ML compute capacity", Cause.CAPACITY),
        ("ResourceLimitExceeded", Cause.QUOTA),
        ("", Cause.CODE),
    ],
)
def test_a_reason_decides_on_a_retry(reason: str, expected: Cause) -> None:
    assert cause(reason) is expected


def test_a_lack_of_room_during_a_throttle_is_a_lack_of_room() -> None:
    assert cause("Rate exceeded; InsufficientInstanceCapacity") is Cause.CAPACITY


def test_another_instance_type_helps_only_against_what_passes() -> None:
    assert ELSEWHERE < PASSING
    assert not {Cause.REQUEST, Cause.CODE} & PASSING
