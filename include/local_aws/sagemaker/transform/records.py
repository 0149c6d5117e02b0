"""Split one input file of a batch transform into payloads."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ...core.store import Doc
from .data_processing import Association

MEGABYTE = 1 << 20


class BadRecord(Exception):
    """Raised when a record is refused: its file gets no output, the others do."""


@dataclass(frozen=True)
class Payload:
    """The body of one request, and its records."""

    body: bytes
    records: tuple[bytes, ...] = ()


def unpacked(data: bytes, source: Doc) -> bytes:
    if source.get("CompressionType", "None") != "Gzip":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise BadRecord(f"ClientError: The file is not gzip: {error}") from None


def payloads(data: bytes, split: str, limits: Doc, association: Association) -> Iterator[Payload]:
    """Yield the whole file, single records, or as many records as fit into MaxPayloadInMB."""
    limit = limits["MaxPayloadInMB"] * MEGABYTE or 1 << 62
    single = limits["BatchStrategy"] == "SINGLE_RECORD"
    batch: list[bytes] = []
    kept: list[bytes] = []
    size = 0
    for record in [data] if split == "None" else data.splitlines(keepends=True):
        sent = _sent(association, record)
        if len(sent) > limit:
            raise BadRecord(f"ClientError: a record of {len(sent)} bytes exceeds {limit}")
        if batch and (single or size + len(sent) > limit):
            yield Payload(b"".join(batch), tuple(kept))
            batch, kept, size = [], [], 0
        batch.append(sent)
        size += len(sent)
        if association.active:
            kept.append(record)
    if batch:
        yield Payload(b"".join(batch), tuple(kept))


def associated(payload: Payload, answer: bytes, split: str, association: Association) -> bytes:
    """Return the model's response, filtered and joined with its records, line by line."""
    if not association.active:
        return answer
    answers = [answer] if split == "None" else answer.splitlines()
    if len(answers) != len(payload.records):
        raise BadRecord(
            f"ClientError: {len(payload.records)} records got {len(answers)} lines in the response"
        )
    pairs = zip(payload.records, answers, strict=True)
    try:
        return b"".join(association.kept(record, result) for record, result in pairs)
    except ValueError as error:
        raise BadRecord(
            f"ClientError: Failed to parse output from the algorithm: {error}"
        ) from None


def _sent(association: Association, record: bytes) -> bytes:
    if not association.active:
        return record
    try:
        return association.sent(record)
    except ValueError as error:
        raise BadRecord(f"ClientError: {error}") from None
