"""Retry policies: their pauses, their form, and the errors that they name."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.pipelines import retries


def policy(**members: Any) -> dict[str, Any]:
    return {"ExceptionType": [retries.CAPACITY]} | members


def test_the_pauses_grow_until_the_attempts_are_used() -> None:
    own, default = retries.policies([policy(IntervalSeconds=10, BackoffRate=3.0, MaxAttempts=2)])
    assert [own.pause(retried, 0) for retried in range(3)] == [10, 30, None]
    assert default == retries.DEFAULT


def test_a_policy_expires() -> None:
    own = retries.policies([policy(IntervalSeconds=30, ExpireAfterMin=1)])[0]
    assert [own.pause(0, 0), own.pause(0, 31), own.pause(9, 0)] == [30, None, None]


def test_a_policy_has_the_defaults_of_aws() -> None:
    own = retries.policies([policy()])[0]
    assert (own.interval, own.backoff, own.attempts) == (1, 2, 5)


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        ([policy(ExceptionType=["Step.OTHER"])], "['Step.OTHER'] is unknown"),
        ([policy(ExceptionType=[])], "is unknown"),
        ([policy(), policy()], "SageMaker.CAPACITY_ERROR is in more than one retry policy"),
        ([policy(MaxAttempts=1, ExpireAfterMin=1)], "either MaxAttempts or ExpireAfterMin"),
        ([policy(MaxAttempts=21)], "MaxAttempts 21 of a retry policy is not between 1 and 20"),
        ([policy(IntervalSeconds="1")], "IntervalSeconds of a retry policy must be a number"),
    ],
)
def test_a_wrong_policy_is_named(policies: list[dict[str, Any]], words: str) -> None:
    assert words in (retries.problem(policies) or "")


def test_a_right_policy_is_accepted() -> None:
    assert retries.problem([policy(MaxAttempts=20, BackoffRate=1.5)]) is None


def test_refused_calls_and_failed_jobs_have_exception_types() -> None:
    assert retries.of_call("ThrottlingException", 400) == retries.THROTTLING
    assert retries.of_call("ResourceLimitExceeded", 400) == retries.LIMIT
    assert retries.of_call("InternalFailure", 500) == retries.SERVICE_FAULT
    assert retries.of_call("ValidationException", 400) is None
    assert retries.of_call("NotImplementedException", 501) is None
    assert retries.of_job("InternalServerError: again.") == retries.INTERNAL
    assert retries.of_job("CapacityError: none.") == retries.CAPACITY
    assert retries.of_job("AlgorithmError: exit code 1") is None
