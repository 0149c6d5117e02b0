"""Determine the operation that a request names, in any protocol."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl

from botocore.model import OperationModel

from . import credentials, model

RPC = re.compile(r"/service/([^/]+)/operation/([^/]+)")
RUNTIME = re.compile(r"/endpoints/[^/]+/(async-)?invocations[^/]*")
METRICS = frozenset({"/BatchPutMetrics", "/BatchGetMetrics"})
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Route:
    """The method, path and parameters of one REST operation; *weight* is how specific it is."""

    operation: str
    method: str
    path: re.Pattern[str]
    query: frozenset[tuple[str, str]]  # names with their value, or "" for any value
    headers: frozenset[str]

    @property
    def weight(self) -> int:
        return len(self.query) + len(self.headers)

    def fits(self, method: str, path: str, query: dict[str, str], headers: dict[str, str]) -> bool:
        return (
            method == self.method
            and bool(self.path.fullmatch(path))
            and all(name in query and value in ("", query[name]) for name, value in self.query)
            and self.headers <= headers.keys()
        )


def signed_for(headers: dict[str, str]) -> str:
    """Return the service in a signature's scope; unsigned and presigned requests are S3's."""
    return credentials.signed(headers).service or "s3"


def named(method: str, path: str, query: str, headers: dict[str, str], form: bytes = b"") -> str:
    """Return the operation's name, or "" if unknown; *form* is the body of a query request."""
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    if rpc := RPC.fullmatch(path):
        return rpc[2]
    service = "sagemaker-runtime" if RUNTIME.fullmatch(path) else signed_for(headers)
    if form and service != "sagemaker-runtime":
        return parse_qs(form.decode("latin-1")).get("Action", [""])[0]
    if path.startswith("/Batch"):
        return path.strip("/")
    if service not in ("s3", "sagemaker-runtime"):
        return ""
    return routed(service, method, path, query.encode("latin-1"), headers)


def routed(service: str, method: str, path: str, query: bytes, headers: dict[str, str]) -> str:
    """Return the REST operation of *service* that a request fits best; "" for none."""
    parameters = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    fitting = [r for r in _routes(service) if r.fits(method, path, parameters, headers)]
    return max(fitting, key=lambda route: route.weight).operation if fitting else ""


@functools.cache
def _routes(service: str) -> list[Route]:
    known = model.service(service)
    return [_route(known.operation_model(name)) for name in known.operation_names]


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    pattern = re.sub(r"\\\{\w+\\\+\\\}", ".+", pattern)
    literal = parse_qsl(query, keep_blank_values=True)
    required = _required(operation, "querystring")
    return Route(
        operation.name,
        operation.http["method"],
        re.compile(pattern + "/?" if path.count("/") == 1 else pattern),
        frozenset([*literal, *((name, "") for name in required)]),
        frozenset(name.lower() for name in _required(operation, "header")),
    )


def _required(operation: OperationModel, location: str) -> list[str]:
    shape = operation.input_shape
    if shape is None:
        return []
    required = (shape.members[name].serialization for name in shape.required_members)
    return [member["name"] for member in required if member.get("location") == location]
