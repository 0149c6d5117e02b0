"""Classify AWS errors: retryable, name taken, resource missing."""

from __future__ import annotations

# Codes of throttling and outages, as opposed to invalid requests.
RETRYABLE = {
    "ConcurrentUpdateException",  # Application Auto Scaling, while it makes another change
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "500",
    "502",
    "503",
    "504",
}
DENIED = {"AccessDenied", "AccessDeniedException"}
# Expired credentials; a new client gets new ones.
STALE = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
TAKEN = {"BucketAlreadyOwnedByYou", "ResourceAlreadyExistsException", "ResourceInUse"}
ABSENT = {
    *("404", "NotFound", "NotFoundException", "NoSuchBucket", "NoSuchEntity", "NoSuchKey"),
    *("ResourceNotFound", "ResourceNotFoundException"),
    "ObjectNotFoundException",  # of Application Auto Scaling
}


def code_of(error: BaseException) -> str:
    """Return AWS's error code; empty for another kind of error."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def is_retryable(error: BaseException) -> bool:
    """Return whether to retry later: throttling, outages, lost connections."""
    from botocore.exceptions import ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NoConnection

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return code_of(error) in RETRYABLE or status >= 500
    return isinstance(error, (HTTPClientError, NoConnection))


def is_transient(error: BaseException) -> bool:
    """Return whether *error* says nothing about the request: an outage or expired credentials."""
    from botocore.exceptions import BotoCoreError, ParamValidationError

    if is_retryable(error) or code_of(error) in STALE:
        return True
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def is_taken(error: BaseException) -> bool:
    """Return whether a create failed because the name exists; SageMaker words it in three ways."""
    if code_of(error) in TAKEN:
        return True
    text = str(error).lower()
    refused = code_of(error) in {"ValidationException", "ConflictException"}
    return refused and ("already exist" in text or "must be unique" in text)


def is_absent(error: BaseException) -> bool:
    """Return whether a resource does not exist; most of SageMaker reports a ValidationException."""
    text = str(error).lower()
    words = ("could not find", "does not exist", "not found")
    said = code_of(error) == "ValidationException" and any(word in text for word in words)
    return said or code_of(error) in ABSENT
