"""Define the errors of the operators, one for each kind of failure.

An error that derives from AirflowFailException fails the task without a retry.
"""

from __future__ import annotations

from airflow.sdk.exceptions import AirflowFailException


class ProdmlError(RuntimeError):
    """Base of the errors after which Airflow may retry the task."""


class RequestRefusedError(AirflowFailException):
    """Raised when AWS refuses a request as invalid, before or while the job runs."""


class JobFailedError(ProdmlError):
    """Raised when a job failed, with its reason and the end of its log."""


class JobStoppedError(AirflowFailException):
    """Raised when a job was stopped before it completed."""


class StoppedByRuleError(JobStoppedError):
    """Raised when a rule stopped a job whose model is of no use."""


class JobOverdueError(ProdmlError):
    """Raised when a job exceeded its time limit."""


class NoCapacityError(JobFailedError):
    """Raised when AWS lacks capacity for a job on all of its instance types."""


class DeploymentError(ProdmlError):
    """Raised when an endpoint does not serve the requested model."""


class RolledBackError(DeploymentError, AirflowFailException):
    """Raised when a deployed model was rolled back; it is not retried."""


class OvertakenError(DeploymentError, AirflowFailException):
    """Raised when another user's update replaced this one; it is not retried."""


class NothingToSelectError(AirflowFailException):
    """Raised when no trial reports the metric to select by."""


class InvalidInputError(AirflowFailException, ValueError):
    """Raised for an input with which no task can work: an argument, a form's field, a row."""


class MissingObjectError(AirflowFailException):
    """Raised when an object that is to be read does not exist in S3."""


class AlertError(AirflowFailException):
    """Raised for an ALERT that is to fail its task."""


class InputFileError(AirflowFailException):
    """Raised when a file to upload is missing or empty."""


class SweepError(ProdmlError):
    """Raised when a sweep could not check or stop some of the jobs."""


class LeftoverError(ProdmlError):
    """Raised when a resource still exists after it was deleted."""


class MonitoringError(ProdmlError):
    """Raised when a Model Monitor schedule does not reach the requested status."""
