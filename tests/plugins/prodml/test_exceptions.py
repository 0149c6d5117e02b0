"""Sort every error by whether a retry of the task can help."""

from __future__ import annotations

import inspect

import pytest
from airflow.sdk.exceptions import AirflowFailException
from prodml import exceptions
from prodml.exceptions import (
    AlertError,
    DeploymentError,
    InputFileError,
    InvalidInputError,
    JobFailedError,
    JobOverdueError,
    JobStoppedError,
    LeftoverError,
    MissingObjectError,
    MonitoringError,
    NoCapacityError,
    NothingToSelectError,
    OvertakenError,
    ProdmlError,
    RequestRefusedError,
    RolledBackError,
    StoppedByRuleError,
    SweepError,
)

FAIL_AT_ONCE: set[type[Exception]] = {
    AlertError,
    InputFileError,
    InvalidInputError,
    JobStoppedError,
    MissingObjectError,
    NothingToSelectError,
    OvertakenError,
    RequestRefusedError,
    RolledBackError,
    StoppedByRuleError,
}
RETRIED: set[type[Exception]] = {
    DeploymentError,
    JobFailedError,
    JobOverdueError,
    LeftoverError,
    MonitoringError,
    NoCapacityError,
    ProdmlError,
    SweepError,
}


def test_every_error_is_of_one_kind() -> None:
    named = {
        kind
        for _, kind in inspect.getmembers(exceptions, inspect.isclass)
        if kind.__module__ == exceptions.__name__
    }
    assert named == FAIL_AT_ONCE | RETRIED


@pytest.mark.parametrize("kind", sorted(FAIL_AT_ONCE, key=repr))
def test_these_fail_the_task_at_once(kind: type[Exception]) -> None:
    assert issubclass(kind, AirflowFailException)


@pytest.mark.parametrize("kind", sorted(RETRIED, key=repr))
def test_these_leave_the_retry_to_airflow(kind: type[Exception]) -> None:
    assert issubclass(kind, ProdmlError)
    assert not issubclass(kind, AirflowFailException)


@pytest.mark.parametrize("kind", [RolledBackError, OvertakenError])
def test_a_deployment_that_is_not_retried_is_caught_as_one(kind: type[Exception]) -> None:
    with pytest.raises(DeploymentError, match="rolled back"):
        raise kind("config-1 rolled back")
