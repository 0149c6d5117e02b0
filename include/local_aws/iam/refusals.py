"""Refusals in AWS's words, which differ by protocol."""

from __future__ import annotations

from typing import Literal

from ..wire.errors import AwsError

Protocol = Literal["json", "runtime", "query", "sns", "s3"]
CHANGED = (
    "The request signature we calculated does not match the signature you provided. Check your "
)
MISMATCH = (
    f"{CHANGED}AWS Secret Access Key and signing method. Consult the service documentation "
    "for details."
)
INVALID = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"


class Refused(AwsError):
    """Raised for a request that is not authenticated or not allowed."""


def missing(protocol: Protocol) -> Refused:
    """Refuse a request without a signature."""
    if protocol in ("json", "runtime"):
        return Refused("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
    code = "AccessDenied" if protocol == "s3" else "MissingAuthenticationToken"
    message = "Access Denied" if protocol == "s3" else "Request is missing Authentication Token"
    return Refused(code, message, 403)


def older_version(protocol: Protocol) -> Refused:
    """Refuse a signature of another version, or one that cannot be read."""
    if protocol == "s3":
        message = (
            "The authorization mechanism you have provided is not supported. "
            "Please use AWS4-HMAC-SHA256."
        )
        return Refused("InvalidRequest", message)
    if protocol in ("json", "runtime"):
        return Refused("IncompleteSignatureException", "Authorization header cannot be read.")
    return Refused("IncompleteSignature", "Authorization header cannot be read.")


def unknown_key(protocol: Protocol) -> Refused:
    """Refuse an access key id that was not issued."""
    if protocol == "s3":
        message = "The AWS Access Key Id you provided does not exist in our records."
        return Refused("InvalidAccessKeyId", message, 403)
    return _authentication("UnrecognizedClientException", "InvalidClientTokenId", INVALID, protocol)


def other_token(protocol: Protocol) -> Refused:
    """Refuse a session token that does not belong to the access key id."""
    if protocol == "s3":
        return Refused("InvalidToken", "The provided token is malformed or otherwise invalid.")
    return unknown_key(protocol)


def expired(protocol: Protocol) -> Refused:
    """Refuse the credentials of a session that has ended."""
    if protocol == "s3":
        return Refused("ExpiredToken", "The provided token has expired.")
    return _authentication("ExpiredTokenException", "ExpiredToken", EXPIRED, protocol)


def mismatch(protocol: Protocol) -> Refused:
    """Refuse a signature of another key or of another request."""
    if protocol == "s3":
        return Refused("SignatureDoesNotMatch", f"{CHANGED}key and signing method.", 403)
    return _signature(MISMATCH, protocol)


def skewed(protocol: Protocol, message: str) -> Refused:
    """Refuse a signature that is too old, or of the future."""
    if protocol == "s3":
        message = "The difference between the request time and the current time is too large."
        return Refused("RequestTimeTooSkewed", message, 403)
    return _signature(message, protocol)


def past_expiry() -> Refused:
    """Refuse a presigned URL of S3 after its time."""
    return Refused("AccessDenied", "Request has expired", 403)


def not_yet_valid() -> Refused:
    """Refuse a presigned URL of S3 whose time has not begun."""
    return Refused("AccessDenied", "Request is not yet valid", 403)


def valid_too_long(seconds: int) -> Refused:
    """Refuse a presigned URL of S3 for more than *seconds*."""
    message = (
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        f"must be less than {seconds} seconds"
    )
    return Refused("AuthorizationQueryParametersError", message)


def unsigned_header(protocol: Protocol, name: str) -> Refused:
    """Refuse a header that the signature has to cover and does not."""
    if protocol == "s3":
        message = "There were headers present in the request which were not signed"
        return Refused("AccessDenied", message, 403)
    return _signature(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.", protocol)


def other_content(protocol: Protocol) -> Refused:
    """Refuse a body whose hash is not the one that the request names."""
    if protocol == "s3":
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        return Refused("XAmzContentSHA256Mismatch", message)
    return mismatch(protocol)


def denied(protocol: Protocol, message: str) -> Refused:
    """Refuse what no policy allows, or one denies."""
    if protocol == "json":
        return Refused("AccessDeniedException", message)
    if protocol == "runtime":
        return Refused("AccessDeniedException", message, 403)
    return Refused("AuthorizationError" if protocol == "sns" else "AccessDenied", message, 403)


def _signature(message: str, protocol: Protocol) -> Refused:
    return _authentication("InvalidSignatureException", "SignatureDoesNotMatch", message, protocol)


def _authentication(json: str, query: str, message: str, protocol: Protocol) -> Refused:
    if protocol == "json":
        return Refused(json, message)
    return Refused(json if protocol == "runtime" else query, message, 403)
