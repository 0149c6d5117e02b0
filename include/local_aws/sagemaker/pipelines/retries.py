"""The retry policies of a step, and the errors that they retry."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ...core.store import Doc

SERVICE_FAULT, THROTTLING = "Step.SERVICE_FAULT", "Step.THROTTLING"
INTERNAL = "SageMaker.JOB_INTERNAL_ERROR"
CAPACITY, LIMIT = "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"
EXCEPTIONS = (SERVICE_FAULT, THROTTLING, INTERNAL, CAPACITY, LIMIT)
THROTTLED = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException"})
LIMITS = {  # of the members of a policy
    "IntervalSeconds": (0, 43200),
    "BackoffRate": (0, math.inf),
    "MaxAttempts": (1, 20),
    "ExpireAfterMin": (0, 14400),
}
ATTEMPTS = 5  # retries of a policy that does not say it


@dataclass(frozen=True)
class Policy:
    """Retry some exceptions, later each time."""

    exceptions: tuple[str, ...]
    interval: float = 1.0
    backoff: float = 2.0
    attempts: float = ATTEMPTS
    expires: float = math.inf  # seconds after the first attempt

    def pause(self, retries: int, elapsed: float) -> float | None:
        """Return the seconds before the next attempt; None if no more is allowed."""
        pause = self.interval * self.backoff**retries
        allowed = retries < self.attempts and elapsed + pause <= self.expires
        return pause if allowed else None


DEFAULT = Policy((SERVICE_FAULT, THROTTLING))  # AWS retries these without a policy


def policies(documents: Iterable[Doc]) -> list[Policy]:
    """Return the policies of a step, the default one last."""
    return [*map(_policy, documents), DEFAULT]


def _policy(document: Doc) -> Policy:
    expires = document.get("ExpireAfterMin")
    return Policy(
        tuple(document["ExceptionType"]),
        document.get("IntervalSeconds", 1),
        document.get("BackoffRate", 2.0),
        document.get("MaxAttempts", ATTEMPTS if expires is None else math.inf),
        math.inf if expires is None else expires * 60,
    )


def problem(documents: Iterable[Doc]) -> str | None:
    """Return what is wrong with the policies of a step; None if nothing is."""
    seen: set[str] = set()
    for document in documents:
        types = document.get("ExceptionType") or []
        if unknown := [name for name in types if name not in EXCEPTIONS] or not types:
            return f"ExceptionType {unknown} is unknown. Use some of {', '.join(EXCEPTIONS)}."
        if repeated := seen & set(types):
            return f"{min(repeated)} is in more than one retry policy. Name it once."
        seen |= set(types)
        if "MaxAttempts" in document and "ExpireAfterMin" in document:
            return "A retry policy has either MaxAttempts or ExpireAfterMin. Remove one."
        for member, (low, high) in LIMITS.items():
            value = document.get(member, low)
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"{member} of a retry policy must be a number, not {value!r}."
            if not low <= value <= high:
                return f"{member} {value} of a retry policy is not between {low} and {high}."
    return None


def of_call(code: str, status: int) -> str | None:
    """Return the exception type of a refused call; None if it is not retried."""
    if code in THROTTLED:
        return THROTTLING
    if code == "ResourceLimitExceeded":
        return LIMIT
    return SERVICE_FAULT if status >= 500 and status != 501 else None


def of_job(reason: str) -> str | None:
    """Return the exception type of a failed job by its FailureReason."""
    starts = {
        "InternalServerError": INTERNAL,
        "CapacityError": CAPACITY,
        "ResourceLimitExceeded": LIMIT,
    }
    return next((kind for start, kind in starts.items() if reason.startswith(start)), None)
