"""The actions of API Gateway, which are the methods of HTTP on the paths of its resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .asked import REST_METHOD, REST_PATH, Asked
from .resources import Place

SERVICE = "apigateway"
PASS_ROLE = "iam:PassRole"  # noqa: S105  (an action)
ROLE = re.compile(r"arn:aws:iam::\d{12}:role/.+")
Entry = tuple[str, str, Mapping[str, tuple[str, ...]]]


def entries(asked: Asked, place: Place, keys: Mapping[str, tuple[str, ...]]) -> Iterator[Entry]:
    """Yield the action with its resource, and that a role is passed to API Gateway."""
    given = asked.parameters
    arn = f"arn:aws:apigateway:{place.region}::{given[REST_PATH]}"
    yield f"apigateway:{given[REST_METHOD]}", arn, keys
    passed = {
        "iam:passedtoservice": ("apigateway.amazonaws.com",),
        "aws:requestedregion": (place.region,),
    }
    for role in _roles(given):
        yield PASS_ROLE, role, passed


def _roles(given: Mapping[str, Any]) -> Iterator[str]:
    operations = given.get("patchOperations")
    changes = operations if isinstance(operations, list) else []
    values = [given.get("credentials"), *(c.get("value") for c in changes if isinstance(c, dict))]
    yield from (value for value in values if isinstance(value, str) and ROLE.fullmatch(value))
