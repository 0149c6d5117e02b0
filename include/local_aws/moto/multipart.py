"""Complete multipart uploads: the parts are joined on the disk, not in memory.

moto itself joins them in memory, with a peak of three times the object's size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from .bodies import Joined
from .checksums import COMPOSITE, digest, encoded

Checksum = tuple[str, str, int]  # type, value and number of parts
DEFAULT = "CRC64NVME"


def join_on_disk() -> None:
    """Make moto complete uploads on the disk."""
    import moto.s3.models as s3

    s3.FakeMultipart.complete = _complete


def _complete(upload: Any, listed: Iterable[tuple[int, str]]) -> tuple[Joined, str, Checksum]:
    """Return body, ETag and checksum as moto's method does; raise moto's S3 errors."""
    parts = _checked(upload, listed)
    digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
    etag = hashlib.md5(digests, usedforsecurity=False).hexdigest()
    body = Joined([part._value_buffer for part in parts])
    return body, f"{etag}-{len(parts)}", _checksum(upload.metadata, parts, body)


def _checked(upload: Any, listed: Iterable[tuple[int, str]]) -> list[Any]:
    """Return the parts that the request lists, in its order."""
    from moto.s3.exceptions import EntityTooSmall, InvalidPart, MalformedXML
    from moto.s3.models import S3_UPLOAD_PART_MIN_SIZE

    parts = []
    for number, etag in listed:
        part = upload.parts.get(number)
        if part is None or part.etag.strip('"') != etag.strip('"'):
            raise InvalidPart
        parts.append(part)
    if not parts:
        raise MalformedXML
    if any(part.contentsize < S3_UPLOAD_PART_MIN_SIZE for part in parts[:-1]):
        raise EntityTooSmall
    return parts


def _checksum(metadata: Any, parts: list[Any], body: Joined) -> Checksum:
    algorithm = metadata.get("x-amz-checksum-algorithm") or DEFAULT
    whole = "FULL_OBJECT" if algorithm == DEFAULT else COMPOSITE
    kind = metadata.get("x-amz-checksum-type") or whole
    if kind == COMPOSITE:
        digests = [digest([part.value], algorithm) for part in parts]
        return kind, encoded(digest(digests, algorithm)), len(parts)
    return kind, encoded(digest(body.blocks(), algorithm)), 1
