"""Complete multipart uploads: the parts are joined on the disk, not in memory.

moto itself joins them in memory, with a peak of three times the object's size.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from .bodies import Joined

Checksum = tuple[str, str, int]  # type, value and number of parts
Step = Callable[[bytes, int], int]
DIGESTS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256}
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
    whole = "FULL_OBJECT" if algorithm == DEFAULT else "COMPOSITE"
    kind = metadata.get("x-amz-checksum-type") or whole
    if kind == "COMPOSITE":
        digests = [_digest([part.value], algorithm) for part in parts]
        return kind, _text(_digest(digests, algorithm)), len(parts)
    return kind, _text(_digest(body.blocks(), algorithm)), 1


def _digest(blocks: Iterable[bytes], algorithm: str) -> bytes:
    if algorithm in DIGESTS:
        digest = DIGESTS[algorithm](usedforsecurity=False)
        for block in blocks:
            digest.update(block)
        return digest.digest()
    size, step = _cyclic(algorithm)
    value = 0
    for block in blocks:
        value = step(block, value)
    return value.to_bytes(size, "big")


def _cyclic(algorithm: str) -> tuple[int, Step]:
    """Return size and function of a CRC; like moto, CRC-32 without the library of another."""
    from moto.core.compat import HAS_CRT

    if algorithm in ("CRC64NVME", "CRC32C") and HAS_CRT:
        from awscrt import checksums

        return (8, checksums.crc64nvme) if algorithm == "CRC64NVME" else (4, checksums.crc32c)
    return 4, binascii.crc32


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
