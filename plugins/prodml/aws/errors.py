"""Tell AWS's errors apart: worth a retry, a name that is taken, a resource that is missing."""

from __future__ import annotations

# What AWS says when it is busy, not when the caller is wrong.
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
# Credentials that have run out; new clients take new ones.
STALE = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
TAKEN = {"BucketAlreadyOwnedByYou", "ResourceInUse"}
ABSENT = {
    *("404", "NotFound", "NoSuchBucket", "NoSuchEntity", "NoSuchKey"),
    *("ResourceNotFound", "ResourceNotFoundException"),
    "ObjectNotFoundException",  # Application Auto Scaling's word
}


def code_of(error: BaseException) -> str:
    """AWS's error code, or nothing for another kind of error."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def is_retryable(error: BaseException) -> bool:
    """Whether asking again later is the right answer: throttles, outages, lost connections."""
    from botocore.exceptions import ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NoConnection

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return code_of(error) in RETRYABLE or status >= 500
    return isinstance(error, (HTTPClientError, NoConnection))


def is_transient(error: BaseException) -> bool:
    """Whether *error* says nothing about what was asked for: passing, or a lapse of credentials."""
    from botocore.exceptions import BotoCoreError, ParamValidationError

    if is_retryable(error) or code_of(error) in STALE:
        return True
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def is_taken(error: BaseException) -> bool:
    """Whether a create was refused because the name exists; SageMaker has three ways to say so."""
    if code_of(error) in TAKEN:
        return True
    text = str(error).lower()
    refused = code_of(error) in {"ValidationException", "ConflictException"}
    return refused and ("already exist" in text or "must be unique" in text)


def is_absent(error: BaseException) -> bool:
    """Whether the resource asked for does not exist; most of SageMaker says ValidationException."""
    text = str(error).lower()
    words = ("could not find", "does not exist", "not found")
    said = code_of(error) == "ValidationException" and any(word in text for word in words)
    return said or code_of(error) in ABSENT
