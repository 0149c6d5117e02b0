"""The responses that API Gateway makes itself, such as 403 without an API key."""

from __future__ import annotations

from ..core.store import Doc

# The status, the message and the error type of each; None has the status of its cause.
DEFAULTS: dict[str, tuple[int | None, str, str]] = {
    "DEFAULT_4XX": (None, "", ""),
    "DEFAULT_5XX": (None, "", ""),
    "ACCESS_DENIED": (403, "Access Denied", "AccessDeniedException"),
    "API_CONFIGURATION_ERROR": (500, "Internal server error", "InternalServerErrorException"),
    "BAD_REQUEST_BODY": (400, "Invalid request body", "BadRequestException"),
    "BAD_REQUEST_PARAMETERS": (400, "Missing required request parameters", "BadRequestException"),
    "INTEGRATION_FAILURE": (504, "Internal server error", "InternalServerErrorException"),
    "INTEGRATION_TIMEOUT": (504, "Endpoint request timed out", "InternalServerErrorException"),
    "INVALID_API_KEY": (403, "Forbidden", "ForbiddenException"),
    "MISSING_AUTHENTICATION_TOKEN": (
        403,
        "Missing Authentication Token",
        "MissingAuthenticationTokenException",
    ),
    "QUOTA_EXCEEDED": (429, "Limit Exceeded", "LimitExceededException"),
    "REQUEST_TOO_LARGE": (413, "Request Too Long", "RequestTooLargeException"),
    "RESOURCE_NOT_FOUND": (404, "Resource not found", "NotFoundException"),
    "THROTTLED": (429, "Too Many Requests", "TooManyRequestsException"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "Unsupported Media Type", "BadRequestException"),
}
TEMPLATE = '{"message":$context.error.messageString}'


class Refusal(Exception):
    """Raised for a request that API Gateway answers itself."""

    def __init__(self, kind: str, message: str | None = None) -> None:
        status, usual, self.error = DEFAULTS[kind]
        self.kind = kind
        self.status = status or 500
        self.message = usual if message is None else message
        super().__init__(self.message)


def default(kind: str) -> Doc:
    """Return a response as it is unless PutGatewayResponse changes it."""
    status = DEFAULTS.get(kind, (None, "", ""))[0]
    return {
        "responseType": kind,
        "statusCode": str(status) if status else None,
        "responseParameters": {},
        "responseTemplates": {"application/json": TEMPLATE},
        "defaultResponse": True,
    }


def chosen(responses: dict[str, Doc], refusal: Refusal) -> Doc | None:
    """Return the API's own response for a refusal: of its kind, or of all 4XX or 5XX."""
    family = "DEFAULT_4XX" if refusal.status < 500 else "DEFAULT_5XX"
    return responses.get(refusal.kind) or responses.get(family)
