"""Open raw files where they lie: in a folder of this machine, or below a prefix of S3."""

from __future__ import annotations

import os
from functools import cache

import pyarrow as pa
from pyarrow import fs

S3 = "s3://"
AHEAD = 8 << 20  # bytes of an object that are read at once


def opened(address: str) -> pa.NativeFile:
    """Return a file to read at any place; raise OSError."""
    if not address.startswith(S3):
        return pa.OSFile(address)
    return s3().open_input_file(address.removeprefix(S3))


def stream(address: str, compression: str | None) -> pa.NativeFile:
    """Return a file to read from its start, decompressed; raise OSError."""
    if not address.startswith(S3):
        return pa.input_stream(address, compression=compression)
    return s3().open_input_stream(address.removeprefix(S3), compression, AHEAD)


def etag_of(address: str) -> str:
    """Return the ETag of an object in S3, or an empty string if it does not exist."""
    try:
        with s3().open_input_file(address.removeprefix(S3)) as file:
            return str((file.metadata() or {}).get("ETag", b"").decode())
    except FileNotFoundError:
        return ""


@cache
def s3() -> fs.S3FileSystem:
    """Return S3 by the container's own credentials, and at the endpoint that AWS's clients use."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    scheme, _, place = endpoint.rpartition("://")
    options = {"scheme": scheme, "endpoint_override": place} if place else {}
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return fs.S3FileSystem(region=region, **options)
