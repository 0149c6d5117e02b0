"""The properties of every response."""

from __future__ import annotations

from include.local_aws.wire import model
from include.local_aws.wire.errors import AwsError
from tests.fuzz.http_request import Answer, Request

NOT_EMULATED = "NotImplementedException"
# Errors of any request: AWS's common errors, and those of the protocols.
COMMON = frozenset(
    {
        *("AccessDenied", "AccessDeniedException", "IncompleteSignature", "InvalidAction"),
        *("InvalidClientTokenId", "InvalidParameterCombination", "InvalidParameterValue"),
        *("InvalidQueryParameter", "InvalidSignatureException", "MissingAction"),
        *("MissingParameter", "RequestExpired", "RequestTimeout", "SerializationException"),
        *("ThrottlingException", "UnknownOperationException", "UnrecognizedClientException"),
        *("ValidationError", "ValidationException", NOT_EMULATED),
        "413",  # has no code on AWS
    }
)


def problem(request: Request, answer: Answer) -> str | None:
    """Return the first violated property of *answer*, if any."""
    if not 200 <= answer.status < 600:
        return f"The status is {answer.status}."
    if request.method == "HEAD" and answer.headers.get("x-amzn-errortype") == NOT_EMULATED:
        return None
    if request.method == "HEAD" or request.target.startswith("/_local/"):
        return f"{answer.status}: {answer.body[:300]!r}" if answer.status >= 500 else None
    if answer.status < 400 and not request.operation:
        return None  # an object has any body
    try:
        answer.document()
    except (ValueError, AwsError) as error:
        return f"The body is not what its content type {answer.content_type!r} says: {error}"
    return _error_problem(request, answer) if answer.status >= 400 else None


def _error_problem(request: Request, answer: Answer) -> str | None:
    code, message = answer.error()
    if answer.status >= 500 and not _may_fail(request, answer.status, code, message):
        return f"{answer.status} {code}: {message or answer.body[:300]!r}"
    if not code:
        return f"An error {answer.status} has no code: {answer.body[:300]!r}"
    known = model.operation(request.service, request.operation) if request.operation else None
    if known and code not in COMMON | modelled(request.service, request.operation):
        return f"{request.operation} does not have the error {code}: {message[:300]}"
    return None


def modelled(service: str, operation: str) -> frozenset[str]:
    """Return the codes of the errors that an operation documents."""
    known = model.operation(service, operation)
    shapes = known.error_shapes if known else []
    return frozenset(name for shape in shapes for name in (shape.name, shape.error_code))


def _may_fail(request: Request, status: int, code: str, message: str) -> bool:
    """Return whether a failure is modelled, or a refusal that names the operation."""
    if status == 501:
        return code == NOT_EMULATED and "not emulated" in message
    return bool(request.operation) and code in modelled(request.service, request.operation)
