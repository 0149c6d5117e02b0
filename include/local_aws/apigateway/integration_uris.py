"""The URIs of integrations: the invocations of a SageMaker endpoint."""

from __future__ import annotations

import re

from .gateway_responses import Refusal

NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
FORM = "arn:aws:apigateway:REGION:runtime.sagemaker:path/endpoints/NAME/invocations"
URI = re.compile(
    r"arn:aws:apigateway:(?P<region>[a-z0-9-]+):runtime\.sagemaker:path/+endpoints/"
    r"(?P<endpoint>[a-zA-Z0-9${}._-]+)/invocations"
)


def endpoint_of(uri: str) -> str:
    """Return the endpoint of a URI whose variables are filled in; raise Refusal."""
    match = URI.fullmatch(uri)
    if match is None or not re.fullmatch(NAME, match["endpoint"]):
        raise Refusal("API_CONFIGURATION_ERROR")
    return match["endpoint"]
