"""Errors as AWS answers them: a code that clients match on, and a sentence."""

from __future__ import annotations


class AwsError(Exception):
    """A refusal with AWS's own code; *status* is the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def validation(message: str) -> AwsError:
    """What SageMaker answers to bad input, and to most unknown names."""
    return AwsError("ValidationException", message)


def in_use(message: str) -> AwsError:
    """What SageMaker answers when a job's name is taken: the name is the lock."""
    return AwsError("ResourceInUse", message)


def not_found(message: str) -> AwsError:
    return AwsError("ResourceNotFound", message)


def unknown_operation(service: str, operation: str) -> AwsError:
    message = f"{service} has no operation {operation!r}. Name one of them in X-Amz-Target."
    return AwsError("UnknownOperationException", message)


def unavailable(what: str, error: Exception) -> AwsError:
    """What a request is answered that the disk, or the state on it, has failed."""
    message = f"{what} could not be done: {error}. Check the disk that holds the data folder."
    return AwsError("ServiceUnavailable", message, 503)


def not_emulated(service: str, operation: str) -> AwsError:
    return AwsError(
        "NotImplementedException",
        f"{service}:{operation} is not emulated by the embedded AWS. "
        "See docs/local-aws-coverage.md for what is.",
        501,
    )
