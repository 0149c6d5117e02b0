"""Compare raw files with what their run listed: an object may have been replaced in between.

A listing is `{"objects": [{"name", "size", "digest", "etag"}]}`. A digest is an ETag in quotes, the
hexadecimal SHA-256 of an uploaded file, or `Checksum<kind>:<base64>:<size>` of S3. An ETag with a
dash and a checksum of parts say nothing of the content as a whole: only the size is compared then.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from .checksums import CRC32C, CRC64NVME, checksum
from .objects import etag_of
from .partitions import files_below
from .sources import address_of

BLOCK = 1 << 20
READERS = 8  # objects that are asked for at a time
MD5 = re.compile(r'"([0-9a-f]{32})"')
SHA256 = re.compile(r"[0-9a-f]{64}")
OF_S3 = re.compile(r"Checksum(\w+):([A-Za-z0-9+/]+=*)(?::\d+)?")
LIST_AGAIN = (
    "Clear the task that lists the partitions, with all tasks after it: the run then reads what is "
    "there now."
)
Digest = Callable[[BinaryIO], bytes]


@dataclass(frozen=True)
class Listed:
    """An object as the run listed it; the ETag is empty if it was not asked for."""

    name: str
    size: int
    digest: str
    etag: str


class Replaced(ValueError):
    """Raised for a file whose content is not that of the listed object."""

    def __init__(self, raw: str, name: str, difference: str) -> None:
        super().__init__(
            f"{address_of(raw)}{name} was replaced after the run had listed it: {difference}. "
            f"{LIST_AGAIN}"
        )


def read_listing(folder: Path) -> dict[str, Listed]:
    """Return the objects of the listing in *folder* by their names."""
    paths = sorted(folder.glob("*.json"))
    if len(paths) != 1:
        raise ValueError(f"{folder} has {len(paths)} listings. Choose the folder of one.")
    listed = [Listed(**one) for one in json.loads(paths[0].read_text())["objects"]]
    return {one.name: one for one in listed}


def refuse_replaced(raw: Path, listing: Path | None) -> None:
    """Raise Replaced for a file below *raw* that is not the listed object."""
    if listing is None:
        return
    listed, where = read_listing(listing), f"{raw}/"
    for name in files_below(raw):
        if name not in listed:
            raise Replaced(where, name, "it is not in the listing")
        if difference := _difference(raw / name, listed[name]):
            raise Replaced(where, name, difference)


def refuse_replaced_objects(raw: str, listed: Iterable[Listed]) -> None:
    """Raise Replaced for an object of S3 below *raw* that has another ETag now."""
    asked = [one for one in listed if one.etag]
    with ThreadPoolExecutor(READERS) as readers:
        etags = readers.map(lambda one: etag_of(f"{raw}{one.name}"), asked)
        for one, etag in zip(asked, etags, strict=True):
            if etag.strip('"') != one.etag.strip('"'):
                raise Replaced(raw, one.name, f"its ETag is {etag or 'gone'}, not {one.etag}")


def _difference(path: Path, listed: Listed) -> str:
    size = path.stat().st_size
    if size != listed.size:
        return f"it has {size} bytes, not {listed.size}"
    kind, digest, wanted = _verifiable(listed.digest)
    if digest is None:
        return ""
    with path.open("rb") as file:
        actual = digest(file)
    return "" if actual == wanted else f"its {kind} is {actual.hex()}, not {wanted.hex()}"


def _verifiable(digest: str) -> tuple[str, Digest | None, bytes]:
    """Return the kind of a digest, what computes it, and its value; None if nothing can."""
    if match := MD5.fullmatch(digest):
        return "MD5", DIGESTS["MD5"], bytes.fromhex(match[1])
    if SHA256.fullmatch(digest):
        return "SHA256", DIGESTS["SHA256"], bytes.fromhex(digest)
    if (match := OF_S3.fullmatch(digest)) and match[1] in DIGESTS:
        return match[1], DIGESTS[match[1]], base64.b64decode(match[2])
    return "", None, b""


def _hashed(name: str, file: BinaryIO) -> bytes:
    digest = hashlib.new(name, usedforsecurity=False)
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.digest()


def _crc32(file: BinaryIO) -> bytes:
    state = 0
    while block := file.read(BLOCK):
        state = zlib.crc32(block, state)
    return state.to_bytes(4, "big")


DIGESTS: dict[str, Digest] = {
    "MD5": partial(_hashed, "md5"),
    "SHA1": partial(_hashed, "sha1"),
    "SHA256": partial(_hashed, "sha256"),
    "CRC32": _crc32,
    "CRC32C": partial(checksum, polynomial=CRC32C),
    "CRC64NVME": partial(checksum, polynomial=CRC64NVME),
}
