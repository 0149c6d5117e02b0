"""Read S3's REST requests: the operation, the bucket, the keys, and what policies ask of them."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlparse
from xml.parsers.expat import ExpatError

import xmltodict

from ..wire import model, naming
from ..wire.errors import AwsError
from ..wire.http import Scope

CONTROL = "/v20180820/"  # of S3's control API, which is another service
COPYING = ("CopyObject", "UploadPartCopy")
NO_SUBRESOURCES = {"x-id", "list-type"}


def parsed(scope: Scope, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the operation and the parameters that policies can name; raise AwsError."""
    path = addressed(scope["path"], headers.get("host", ""))
    query: bytes = scope["query_string"]
    operation = naming.routed("s3", scope["method"], path, query, headers)
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    named = dict(pairs)
    is_repeated = len(named) < len(pairs)  # moto reads the first value
    if path.startswith(CONTROL) or is_repeated or _is_ambiguous(operation, named, headers):
        operation = ""
    bucket, _, key = path.removeprefix("/").partition("/")
    parameters: dict[str, Any] = {"Bucket": bucket, "Key": key} if key else {"Bucket": bucket}
    parameters["query"] = named
    parameters["headers"] = {n: v for n, v in headers.items() if n.startswith("x-amz-")}
    if source := headers.get("x-amz-copy-source"):
        parameters |= _copied(source)
    if operation == "DeleteObjects":
        parameters |= _deleted(body)
    return operation, parameters


def _copied(source: str) -> dict[str, str]:
    """Return the object and the version that are copied, as moto reads them."""
    parts = urlparse(source)
    version = parse_qs(parts.query).get("versionId", [""])[0]
    return {"CopySource": unquote(parts.path).lstrip("/"), "CopyVersion": version}


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


def _deleted(body: bytes) -> dict[str, list[str]]:
    """Return the keys of a batch, apart those of which one version is deleted for ever.

    Raise AwsError for a body that is not plain XML: moto would decode chunks, and delete what was
    not decided about.
    """
    try:
        objects = xmltodict.parse(body, strip_whitespace=False)["Delete"]["Object"]
        listed = objects if isinstance(objects, list) else [objects]
        entries = [(str(entry["Key"]), entry.get("VersionId")) for entry in listed]
    except (ExpatError, KeyError, TypeError, AttributeError):
        raise AwsError(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
            "schema",
        ) from None
    return {
        "Keys": [key for key, version in entries if not version],
        "VersionKeys": [key for key, version in entries if version],
    }
