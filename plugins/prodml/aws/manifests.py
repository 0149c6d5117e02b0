"""Write the manifests that jobs read their input by: exactly the objects that a task has listed.

A manifest is JSON, as S3DataType ManifestFile takes it: `[{"prefix": "s3://b/a/"}, "x", "y"]`. Its
metadata has a digest of the listed objects' contents, by which equal inputs make equal requests. As
it has keys alone, a listing next to it has the size and digest of each object, by which a job knows
an object that was replaced in between.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from prodml.aws.digests import checksums
from prodml.aws.retries import with_retries
from prodml.aws.s3 import join, read, split
from prodml.exceptions import InvalidInputError
from prodml.naming import request_hash

ADDRESS = re.compile(r"/(manifest|listing)-[0-9a-f]{16}\.json$")
CONTENTS = "contents"  # the metadata key of the digest


class Listed(NamedTuple):
    """An object: its key below the manifest's prefix, and the size and digest of its content."""

    name: str
    size: int
    digest: str
    etag: str = ""  # as it was listed


def write_manifest(s3: Any, folder: str, prefix: str, listed: Iterable[Listed]) -> tuple[str, str]:
    """Write the manifest and the listing of objects below *prefix*; return both addresses.

    The addresses have the digest, so that another listing never changes what a running job reads.
    """
    entries = sorted(listed)
    contents = request_hash([(one.name, one.size, one.digest) for one in entries])
    manifest = [{"prefix": prefix}, *(one.name for one in entries)]
    listing = {"objects": [one._asdict() for one in entries]}
    written = {"manifest": manifest, "listing": listing}
    first, second = (_write(s3, folder, *document, contents) for document in written.items())
    return first, second


def _write(s3: Any, folder: str, name: str, document: Any, contents: str) -> str:
    uri = join(folder, f"{name}-{contents[:16]}.json")
    bucket, key = split(uri)
    body, metadata = json.dumps(document).encode(), {CONTENTS: contents}
    with_retries(s3.put_object, Bucket=bucket, Key=key, Body=body, Metadata=metadata)
    return uri


def is_manifest(uri: str) -> bool:
    """Return whether *uri* is the address of a manifest or listing of :func:`write_manifest`.

    A job that gets the manifest itself reads the listed objects on its own.
    """
    return ADDRESS.search(uri) is not None


def manifest_digest(s3: Any, uri: str) -> str:
    """Return the digest of the contents of the objects that the manifest at *uri* lists."""
    bucket, key = split(uri)
    head = with_retries(s3.head_object, Bucket=bucket, Key=key)
    if contents := head["Metadata"].get(CONTENTS):
        return str(contents)
    prefix, names = read_manifest(s3, uri)
    bucket, above = split(prefix)
    digests = checksums(s3, bucket, [f"{above}{name}" for name in names])
    return request_hash(sorted(zip(names, digests, strict=True)))


def read_manifest(s3: Any, uri: str) -> tuple[str, list[str]]:
    """Return the prefix of the manifest at *uri*, and the keys below it."""
    try:
        first, *names = json.loads(read(s3, uri))
        return str(first["prefix"]), [str(name) for name in names]
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInputError(
            f"{uri} is not a manifest: {error!r}. Write it as "
            '[{"prefix": "s3://bucket/a/"}, "b.csv"].'
        ) from None
