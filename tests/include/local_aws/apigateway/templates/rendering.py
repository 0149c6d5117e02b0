"""Render a template with the payload and the parameters of one request."""

from __future__ import annotations

import time
from typing import Any

import pytest

from include.local_aws.apigateway.templates.budget import TemplateFailure
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


def check_stopped(text: str, why: str) -> None:
    """Check that a template fails for the reason *why* before it has taken much CPU time."""
    began = time.process_time()
    with pytest.raises(TemplateFailure, match=why):
        rendered(text)
    assert time.process_time() - began < 5
