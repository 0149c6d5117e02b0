"""What can go wrong, one named error each.

An error that derives from AirflowFailException fails the task at once: a retry would meet it again.
"""

from __future__ import annotations

from airflow.sdk.exceptions import AirflowFailException


class ProdmlError(RuntimeError):
    """The base of the errors after which Airflow may retry the task."""


class RequestRefusedError(AirflowFailException):
    """Raised when AWS refuses a request as wrong, before or while the job runs."""


class JobFailedError(ProdmlError):
    """Raised when a job failed; holds its reason and the end of its log."""


class JobStoppedError(AirflowFailException):
    """Raised when a job was stopped before it was done: stopped is not success."""


class JobOverdueError(ProdmlError):
    """Raised when a job has not ended within all the time that it may take."""


class NoCapacityError(JobFailedError):
    """Raised when AWS has no room for a job, on none of the instance types it may run on."""


class DeploymentError(ProdmlError):
    """Raised when an endpoint does not serve what was asked for."""


class RolledBackError(DeploymentError, AirflowFailException):
    """Raised when a model reached callers and was taken back: no retry sends it there again."""


class OvertakenError(DeploymentError, AirflowFailException):
    """Raised when somebody else's update came after ours: no retry undoes it."""


class NothingToSelectError(AirflowFailException):
    """Raised when no trial reports the metric that decides."""


class InvalidInputError(AirflowFailException, ValueError):
    """Raised for an input with which no task can work: an argument, a form's field, a row."""


class AlertError(AirflowFailException):
    """Raised for an ALERT that is to fail its task."""


class InputFileError(AirflowFailException):
    """Raised when a file to upload is missing or empty."""


class SweepError(ProdmlError):
    """Raised when a sweep could not look at a job, or not stop it; the others it has dealt with."""


class LeftoverError(ProdmlError):
    """Raised when something is still there after it was deleted."""


class MonitoringError(ProdmlError):
    """Raised when a Model Monitor schedule does not come into the state that was asked for."""
