"""Compute digests of objects' contents, which do not depend on their addresses or times."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from prodml.aws.retries import present, with_retries
from prodml.aws.s3 import DIGEST, objects, split
from prodml.naming import request_hash
from prodml.vocabulary import Json

# Best first; S3 computes CRC64NVME itself where an upload brings none.
CHECKSUMS = tuple(f"Checksum{kind}" for kind in ("SHA256", "CRC64NVME", "CRC32C", "CRC32", "SHA1"))
MD5 = re.compile(r'"[0-9a-f]{32}"')  # the ETag of an object that was uploaded in one part
READERS = 8  # objects whose checksums are read at a time


class Replaced(Exception):
    """Raised for an object that is not the listed one any more; the message is its address."""


def content_digest(s3: Any, uri: str) -> str:
    """Return a digest of the objects under *uri*, independent of the address."""
    bucket, prefix = split(uri)
    items = list(objects(s3, uri))
    names = [item["Key"].removeprefix(prefix) for item in items]
    return request_hash(sorted(zip(names, object_digests(s3, bucket, items), strict=True)))


def object_digests(s3: Any, bucket: str, items: Sequence[Json]) -> list[str]:
    """Return a digest of the content of each listed object.

    An ETag is a digest of the content only where no KMS key encrypts the object. Elsewhere S3's own
    checksum counts: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html.
    """
    if not items or not _is_encrypted_by_kms(_head(s3, bucket, items[0]["Key"])):
        return [item["ETag"] for item in items]
    return checksums(s3, bucket, [item["Key"] for item in items])


def whole_digests(s3: Any, bucket: str, etags: Mapping[str, str]) -> list[str]:
    """Return a digest of each object by which a reader can verify the content, where S3 has one.

    :param etags: The ETags of the objects by their keys, as they were listed.
    :raises Replaced: An object has another ETag now, or is gone.
    """
    with ThreadPoolExecutor(READERS) as readers:
        heads = readers.map(partial(_present_head, s3, bucket), etags)
        return [
            _whole_digest(f"s3://{bucket}/{key}", etag, head)
            for (key, etag), head in zip(etags.items(), heads, strict=True)
        ]


def _whole_digest(uri: str, etag: str, head: Json | None) -> str:
    if head is None or head["ETag"] != etag:
        raise Replaced(uri)
    return etag if MD5.fullmatch(etag) and not _is_encrypted_by_kms(head) else _checksum(head)


def _present_head(s3: Any, bucket: str, key: str) -> Json | None:
    head: Json | None = present(s3.head_object, Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    return head


def checksums(s3: Any, bucket: str, keys: Sequence[str]) -> list[str]:
    """Return a digest of the content of each object, of which only the key is known."""
    with ThreadPoolExecutor(READERS) as readers:
        return [_checksum(head) for head in readers.map(partial(_head, s3, bucket), keys)]


def _head(s3: Any, bucket: str, key: str) -> Json:
    head: Json = with_retries(s3.head_object, Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    return head


def _is_encrypted_by_kms(head: Json) -> bool:
    return str(head.get("ServerSideEncryption", "")).startswith("aws:kms")


def _checksum(head: Json) -> str:
    """Return the digest of an object's content; without one, the ETag identifies the object."""
    if digest := head["Metadata"].get(DIGEST):
        return str(digest)
    checksums = [f"{kind}:{head[kind]}" for kind in CHECKSUMS if kind in head]
    return f"{checksums[0]}:{head['ContentLength']}" if checksums else str(head["ETag"])
