"""Read S3's REST requests: the operation, the bucket, the keys, and what policies ask of them."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.parsers.expat import ExpatError

import xmltodict

from ..wire import model, naming
from ..wire.http import Scope

CONTROL = "/v20180820/"  # of S3's control API, which is another service
COPYING = ("CopyObject", "UploadPartCopy")
NO_SUBRESOURCES = {"x-id", "list-type"}


def parsed(scope: Scope, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the operation and the parameters that policies can name."""
    path = addressed(scope["path"], headers.get("host", ""))
    query: bytes = scope["query_string"]
    operation = naming.routed("s3", scope["method"], path, query, headers)
    named = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    if path.startswith(CONTROL) or _is_ambiguous(operation, named, headers):
        operation = ""
    bucket, _, key = path.removeprefix("/").partition("/")
    parameters: dict[str, Any] = {"Bucket": bucket, "Key": key} if key else {"Bucket": bucket}
    parameters["query"] = named
    parameters["headers"] = {n: v for n, v in headers.items() if n.startswith("x-amz-")}
    if source := headers.get("x-amz-copy-source"):
        parameters["CopySource"] = unquote(source.partition("?")[0]).lstrip("/")
    if operation == "DeleteObjects":
        parameters["Keys"] = _deleted(body)
    return operation, parameters


def _is_ambiguous(operation: str, query: dict[str, str], headers: dict[str, str]) -> bool:
    """Return whether a request names another subresource too: moto might execute that one."""
    copies = "x-amz-copy-source" in headers and operation not in COPYING
    return copies or not _foreign_subresources(operation).isdisjoint(query)


@functools.cache
def _foreign_subresources(operation: str) -> frozenset[str]:
    """Return the subresources of all operations but *operation*."""
    known = _subresources()
    return frozenset().union(*known.values()) - known.get(operation, frozenset())


@functools.cache
def _subresources() -> dict[str, frozenset[str]]:
    """Return by operation the parameters that are part of its path, such as `acl`."""
    known = model.service("s3")
    uris = {name: known.operation_model(name).http["requestUri"] for name in known.operation_names}
    return {
        name: frozenset(key for key, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True))
        - NO_SUBRESOURCES
        for name, uri in uris.items()
    }


def addressed(path: str, host: str) -> str:
    """Return the path with the bucket in front, if the host's name has it.

    moto executes the request, so moto's own rule decides: another reading of a host than moto's
    would decide about one bucket and change another.
    """
    from moto.s3.responses import S3Response
    from moto.s3.utils import bucket_name_from_url

    url = f"http://{host}/"
    if not S3Response.subdomain_based_buckets(SimpleNamespace(headers={"host": host}, url=url)):
        return path
    bucket = bucket_name_from_url(url)
    return f"/{bucket}{path}" if bucket else path


def _deleted(body: bytes) -> list[str]:
    try:
        objects = xmltodict.parse(body)["Delete"]["Object"]
    except (ExpatError, KeyError, TypeError):
        return []
    listed = objects if isinstance(objects, list) else [objects]
    return [str(entry["Key"]) for entry in listed if isinstance(entry, dict) and "Key" in entry]
