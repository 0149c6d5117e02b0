"""AWS's errors: a code that clients match on, and a message."""

from __future__ import annotations

# A FailureReason of SageMaker for an error of its own.
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."


class AwsError(Exception):
    """A refusal with AWS's own code; *status* is the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def validation(message: str) -> AwsError:
    """Return SageMaker's error for invalid input and for most unknown names."""
    return AwsError("ValidationException", message)


def in_use(message: str) -> AwsError:
    """Return SageMaker's error for a job name that is taken: the name is the lock."""
    return AwsError("ResourceInUse", message)


def not_found(message: str) -> AwsError:
    return AwsError("ResourceNotFound", message)


def unknown_operation(service: str, operation: str) -> AwsError:
    message = f"{service} has no operation {operation!r}. Name one of them in X-Amz-Target."
    return AwsError("UnknownOperationException", message)


def unavailable(what: str, error: Exception) -> AwsError:
    """Return the error for a request that fails because of the disk or the state on it."""
    message = f"{what} could not be done: {error}. Check the disk that holds the data folder."
    return AwsError("ServiceUnavailable", message, 503)


def not_emulated(service: str, operation: str) -> AwsError:
    return AwsError(
        "NotImplementedException",
        f"{service}:{operation} is not emulated by the embedded AWS. "
        "See docs/reference/local-aws-coverage.md for the emulated operations.",
        501,
    )
