"""Render a template with the payload and the parameters of one request."""

from __future__ import annotations

from typing import Any

from include.local_aws.apigateway.templates.language import Template
from include.local_aws.apigateway.templates.variables import UTIL, Input

BODY = '{"a": {"b": [1, {"c": "x\\"y"}]}, "text": "it\'s", "none": null}'
PARAMETERS = {
    "path": {"id": "7"},
    "querystring": {"items": "1,2", "id": "of the query"},
    "header": {"x-name": "header"},
}


def rendered(text: str, **variables: Any) -> str:
    """Return the text that a template makes of the request and of *variables*."""
    known = {"input": Input(BODY, PARAMETERS).variable(), "util": UTIL}
    return Template(text).render(known | variables)
