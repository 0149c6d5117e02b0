"""Read S3's REST requests: the operation, the bucket, the keys, and what policies ask of them."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.parsers.expat import ExpatError

import xmltodict

from ..wire import naming
from ..wire.http import Scope

CONTROL = "/v20180820/"
HOST = re.compile(r"(?P<bucket>.+)\.(?:s3[.-][^:]*amazonaws\.com|[^.:]+)(?::\d+)?")


def parsed(scope: Scope, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the operation and the parameters that policies can name."""
    path = addressed(scope["path"], headers.get("host", ""))
    query: bytes = scope["query_string"]
    operation = naming.routed("s3", scope["method"], path, query, headers)
    if path.startswith(CONTROL):
        operation = ""  # of S3's control API, which is another service
    bucket, _, key = path.removeprefix("/").partition("/")
    parameters: dict[str, Any] = {"Bucket": bucket, "Key": key} if key else {"Bucket": bucket}
    parameters["query"] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    parameters["headers"] = {n: v for n, v in headers.items() if n.startswith("x-amz-")}
    if source := headers.get("x-amz-copy-source"):
        parameters["CopySource"] = unquote(source.partition("?")[0]).lstrip("/")
    if operation == "DeleteObjects":
        parameters["Keys"] = _deleted(body)
    return operation, parameters


def addressed(path: str, host: str) -> str:
    """Return the path with the bucket in front, if the host's name has it."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    if host.startswith("localhost") or "." not in name or _is_address(name):
        return path
    match = HOST.fullmatch(host)
    bucket = match["bucket"] if match and "amazonaws.com" in host else name.split(".")[0]
    return f"/{bucket}{path}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _deleted(body: bytes) -> list[str]:
    try:
        objects = xmltodict.parse(body)["Delete"]["Object"]
    except (ExpatError, KeyError, TypeError):
        return []
    listed = objects if isinstance(objects, list) else [objects]
    return [str(entry["Key"]) for entry in listed if isinstance(entry, dict) and "Key" in entry]
