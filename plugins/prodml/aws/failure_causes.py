"""Classify failures: retry, retry on another instance type, or fail."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """The cause of a failure."""

    THROTTLE = "throttle"
    CAPACITY = "capacity"
    QUOTA = "quota"
    INTERNAL = "internal"
    REQUEST = "request"  # invalid configuration or data, which would fail again
    CODE = "code"  # the job's own code failed; Airflow's retries decide


PASSING = frozenset({Cause.THROTTLE, Cause.CAPACITY, Cause.QUOTA, Cause.INTERNAL})
ELSEWHERE = frozenset({Cause.CAPACITY, Cause.QUOTA})  # another instance type may work

# Parts of FailureReasons and error codes, in the order of the search.
_WORDS = {
    Cause.CAPACITY: (
        "CapacityError",
        "InsufficientCapacity",
        "InsufficientInstanceCapacity",
        "requested ML compute capacity",
    ),
    Cause.QUOTA: ("ResourceLimitExceeded", "service limit", "service quota"),
    Cause.THROTTLE: ("Throttling", "Rate exceeded", "SlowDown", "TooManyRequests"),
    Cause.INTERNAL: ("InternalServerError", "InternalFailure", "internal error"),
}


def cause(reason: str) -> Cause:
    """Return the cause behind a job's FailureReason or the text of an error."""
    if reason.startswith("AlgorithmError"):
        return Cause.CODE
    if reason.startswith("ClientError"):  # S3's throttling of a download as well
        return Cause.THROTTLE if _says(reason, Cause.THROTTLE) else Cause.REQUEST
    return next((cause for cause in _WORDS if _says(reason, cause)), Cause.CODE)


def _says(reason: str, cause: Cause) -> bool:
    return any(word in reason for word in _WORDS[cause])
