"""What can go wrong, one named error each."""

from __future__ import annotations

from airflow.sdk.exceptions import AirflowFailException


class ProdmlError(RuntimeError):
    """The base of every error that these operators raise; Airflow may retry the task."""


class RequestRefusedError(AirflowFailException):
    """Raised when AWS refuses a request as wrong: the same request would be refused again."""


class JobFailedError(ProdmlError):
    """Raised when a job failed; holds its reason and the end of its log."""


class JobStoppedError(ProdmlError):
    """Raised when a job was stopped before it was done: stopped is not success."""


class DeploymentError(ProdmlError):
    """Raised when an endpoint does not serve what was asked for."""


class NothingToSelectError(AirflowFailException):
    """Raised when no trial reports the metric that decides."""


class InputFileError(AirflowFailException):
    """Raised when a file to upload is missing or empty."""


class LeftoverError(ProdmlError):
    """Raised when something is still there after it was deleted."""
