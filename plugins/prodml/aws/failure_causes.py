"""Why something went wrong, and what that deserves: to be tried again, elsewhere, or not at all."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """What AWS's reasons come down to."""

    THROTTLE = "throttle"
    CAPACITY = "capacity"
    QUOTA = "quota"
    INTERNAL = "internal"
    REQUEST = "request"  # the configuration or the data is wrong: it would fail again
    CODE = "code"  # the job's own program failed: Airflow's retries decide


PASSING = frozenset({Cause.THROTTLE, Cause.CAPACITY, Cause.QUOTA, Cause.INTERNAL})
ELSEWHERE = frozenset({Cause.CAPACITY, Cause.QUOTA})  # another instance type may do

# Words of FailureReasons and error codes, in the order in which they are looked for.
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
    """The cause behind a job's FailureReason or the text of an error."""
    if reason.startswith("AlgorithmError"):
        return Cause.CODE
    if reason.startswith("ClientError"):  # also how S3's throttling of a download is told
        return Cause.THROTTLE if _says(reason, Cause.THROTTLE) else Cause.REQUEST
    return next((found for found in _WORDS if _says(reason, found)), Cause.CODE)


def _says(reason: str, found: Cause) -> bool:
    return any(word in reason for word in _WORDS[found])
