"""Compute checksums of S3 objects, and answer them as S3 does where moto differs."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

COMPOSITE, FULL_OBJECT = "COMPOSITE", "FULL_OBJECT"  # of the parts' checksums, or of the content
DIGESTS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256}
MODE = "x-amz-checksum-mode"
Step = Callable[[bytes, int], int]


def state_types() -> None:
    """Make HeadObject state the type of a checksum, and CopyObject compute that of the whole."""
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    S3Response.head_object = _with_type(S3Response.head_object)
    S3Backend.copy_object = _with_whole_checksum(S3Backend.copy_object)


def _with_type(head_object: Callable[..., Any]) -> Callable[..., Any]:
    def answered(response: Any, bucket: str, query: Any, name: str, headers: Any) -> Any:
        status, answer, body = head_object(response, bucket, query, name, headers)
        if status == 200 and headers.get(MODE) == "ENABLED":
            version = query.get("versionId", [None])[0]
            answer |= _headers(response.backend.head_object(bucket, name, version))
        return status, answer, body

    return answered


def _headers(key: Any) -> dict[str, str]:
    """Return the headers of an object's checksum; one of parts ends with their number."""
    if not key.checksum_algorithm:
        return {}
    kind, value = key.checksum_type or FULL_OBJECT, key.checksum_value
    if kind == COMPOSITE:
        value = f"{value}-{key.checksum_parts}"
    return {
        f"x-amz-checksum-{key.checksum_algorithm.lower()}": value,
        "x-amz-checksum-type": kind,
    }


def _with_whole_checksum(copy_object: Callable[..., None]) -> Callable[..., None]:
    def copied(backend: Any, source: Any, bucket: str, name: str, *more: Any, **rest: Any) -> None:
        copy_object(backend, source, bucket, name, *more, **rest)
        if source.checksum_type == COMPOSITE:
            key = backend.get_object(bucket, name)
            key.checksum_value = encoded(digest([key.value], key.checksum_algorithm))

    return copied


def digest(blocks: Iterable[bytes], algorithm: str) -> bytes:
    """Return the checksum of a content that is given in *blocks*."""
    if algorithm in DIGESTS:
        hashed = DIGESTS[algorithm](usedforsecurity=False)
        for block in blocks:
            hashed.update(block)
        return hashed.digest()
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


def encoded(checksum: bytes) -> str:
    """Return a checksum as headers have it."""
    return base64.b64encode(checksum).decode()
