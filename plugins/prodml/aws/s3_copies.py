"""Copy objects between accounts, each read and written by its own connection."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from prodml.aws.retries import present, with_retries
from prodml.aws.s3 import DIGEST, join, objects, split
from prodml.exceptions import InvalidInputError, MissingObjectError

ADDRESS = "s3://"
log = logging.getLogger(__name__)
SOURCE = "source-etag"  # the metadata key of a copy: the ETag of what it was made from
CHECKED = {"ChecksumAlgorithm": "SHA256"}  # by S3, of each part that it receives


class Digesting:
    """A stream that computes the SHA-256 of what was read from it."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next *size* bytes, and all that are left if it is negative."""
        content: bytes = self._body.read(None if size < 0 else size)
        self._digest.update(content)
        return content

    def hexdigest(self) -> str:
        """Return the digest of what was read."""
        return self._digest.hexdigest()


@dataclass
class Copies:
    """
    Copies what S3 addresses name into folders below one prefix; each address once.

    :param source: The S3 client of the account that is copied from.
    :param target: The S3 client of the account that is copied to.
    :param below: The S3 prefix of the folders.
    """

    source: Any
    target: Any
    below: str
    _made: dict[str, tuple[str, str]] = field(default_factory=dict)

    def copy(self, name: str, uri: str) -> tuple[str, str]:
        """Copy what *uri* names into the folder called *name*; return its address and digest.

        The digest of a prefix is that of its objects' names and digests.
        """
        if uri not in self._made:
            last = "" if uri.endswith("/") else uri.rpartition("/")[2]
            to = f"{join(self.below, name)}/{last}"
            digests = copy_all(self.source, self.target, uri, to)
            self._made[uri] = to, digests.get("") or _digest_of_all(digests)
        return self._made[uri]

    def moved(self, folder: str, values: Mapping[str, str]) -> dict[str, str]:
        """Return the values, with the address of a copy for each address in S3."""
        return {
            name: self.copy(f"{folder}{name}", value)[0] if value.startswith(ADDRESS) else value
            for name, value in values.items()
        }


def _digest_of_all(digests: Mapping[str, str]) -> str:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def copy_all(source: Any, target: Any, uri: str, to: str) -> dict[str, str]:
    """Copy the object at *uri*, or all below it, to *to*; return the digests by relative key.

    *source* and *target* are S3 clients. A copy that was made before, of the same object, stays.
    """
    _, prefix = split(uri)
    bucket, above = split(to)
    digests = {}
    for item in _listed(source, uri):
        name = item["Key"].removeprefix(prefix)
        copy = f"s3://{bucket}/{above}{name}"
        digests[name] = _copy(source, target, f"{uri}{name}", copy)
    if not digests:
        raise MissingObjectError(
            f"Nothing is at {uri}: it was deleted, or the connection of the source may not list "
            "it. Choose another version, or allow s3:ListBucket and s3:GetObject there."
        )
    return digests


def _listed(source: Any, uri: str) -> Iterator[dict[str, Any]]:
    """Yield the object at *uri* alone, or those below it if it ends with a slash."""
    _, prefix = split(uri)
    for item in objects(source, uri):
        if prefix.endswith("/") or item["Key"] == prefix:
            yield item


def _copy(source: Any, target: Any, uri: str, to: str) -> str:
    """Copy one object in a stream; return the SHA-256 of its content."""
    from_bucket, from_key = split(uri)
    bucket, key = split(to)
    head = with_retries(source.head_object, Bucket=from_bucket, Key=from_key)
    there = present(target.head_object, Bucket=bucket, Key=key)
    if there and there["Metadata"].get(SOURCE) == head["ETag"].strip('"'):
        return str(there["Metadata"][DIGEST])
    digest: str = with_retries(_digest_of, s3=source, bucket=from_bucket, key=from_key)
    if (stated := head["Metadata"].get(DIGEST)) and stated != digest:
        raise InvalidInputError(
            f"{uri} has the SHA-256 {digest}, and its metadata says {stated}: it was changed after "
            "it was written. Choose another version."
        )
    kept = {SOURCE: head["ETag"].strip('"'), DIGEST: digest}
    sent = with_retries(_send, source=source, target=target, uri=uri, to=to, metadata=kept)
    if sent != digest:
        raise InvalidInputError(
            f"{uri} was changed while it was copied to {to}. Clear the task to copy it again."
        )
    log.info("Copied %s to %s: sha256 %s", uri, to, digest)
    return digest


def _digest_of(s3: Any, bucket: str, key: str) -> str:
    stream = Digesting(s3.get_object(Bucket=bucket, Key=key)["Body"])
    while stream.read(1 << 20):
        pass
    return stream.hexdigest()


def _send(source: Any, target: Any, uri: str, to: str, metadata: dict[str, str]) -> str:
    """Send one object, of which a part at a time is held; return the digest of what was sent."""
    from_bucket, from_key = split(uri)
    bucket, key = split(to)
    stream = Digesting(source.get_object(Bucket=from_bucket, Key=from_key)["Body"])
    extra = {"Metadata": metadata, **CHECKED}
    target.upload_fileobj(Fileobj=stream, Bucket=bucket, Key=key, ExtraArgs=extra)
    return stream.hexdigest()
