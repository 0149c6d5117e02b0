"""APIs of endpoints for tests: published by the operator, called over HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

from prodml.operators.api import PublishApiOperator

from tests.plugins.runs import ROLE, Ti, run

SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["age"],
    "properties": {"age": {"type": "number"}},
}


def publish(endpoint: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = PublishApiOperator(
        task_id="publish", endpoint=endpoint, role_arn=ROLE, schema=SCHEMA, **arguments
    )
    return dict(run(operator, ti))


def post(url: str, body: str, **headers: str) -> tuple[int, str]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        url, body.encode(), sent | {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
