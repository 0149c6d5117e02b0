"""Find and read the newest files of an endpoint's data capture, within a limit of bytes.

AWS writes JSON lines below `<destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/`, in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from prodml.aws.retries import with_retries
from prodml.aws.s3 import folders, join, objects, split
from prodml.rendered import moment
from prodml.vocabulary import Json

MOST_BYTES = 256 * 1024  # of all files together
MOST_FILES = 12
MOST_LISTED = 3000  # of a variant
DEPTH = 4  # folders of year, month, day, hour
HOUR = "%Y/%m/%d/%H"
HALVES = ("endpointInput", "endpointOutput")  # of a record


class File(NamedTuple):
    """A file of the capture."""

    variant: str
    bucket: str
    key: str
    size: int
    modified: datetime


class Line(NamedTuple):
    """A captured record of a variant."""

    variant: str
    record: Json


class Reading(NamedTuple):
    """The records of the newest files; *cut* if older ones were left out."""

    lines: list[Line]
    read: int
    cut: bool


def newest(
    s3: Any, destination: str, endpoint: str, variants: Sequence[str], now: datetime, most: int
) -> Reading:
    """Return at least *most* of the newest records, if files, bytes and records allow it."""
    files = [f for name in variants for f in _files(s3, join(destination, endpoint, name), now)]
    files.sort(key=lambda file: (file.modified, file.key), reverse=True)
    lines: list[Line] = []
    room, opened = MOST_BYTES, 0
    for file in files[:MOST_FILES]:
        if room <= 0 or len(lines) >= most:
            break
        lines += [Line(file.variant, record) for record in _records(s3, file, room)]
        room -= min(room, file.size)
        opened += 1
    return Reading(lines, MOST_BYTES - room, opened < len(files) or room <= 0)


def _files(s3: Any, uri: str, now: datetime) -> Iterator[File]:
    """Yield the files of a variant's last two hours, or else of its newest hour with any."""
    bucket, _ = split(uri)
    recent = (now - timedelta(hours=1)).strftime(HOUR)
    listed = list(islice(objects(s3, f"{uri}/", after=recent), MOST_LISTED))
    if not listed and (hour := _newest_hour(s3, uri)):
        listed = list(islice(objects(s3, f"{hour}/"), MOST_LISTED))
    for item in listed:
        if item["Key"].endswith(".jsonl"):
            variant = uri.rpartition("/")[2]
            yield File(variant, bucket, item["Key"], item["Size"], item["LastModified"])


def _newest_hour(s3: Any, uri: str) -> str | None:
    """Return the address of the newest folder of an hour; a call for each part of its name."""
    for _ in range(DEPTH):
        below = folders(s3, uri)
        if not below:
            return None
        uri = max(below)
    return uri


def _records(s3: Any, file: File, room: int) -> Iterator[Json]:
    """Yield the records at the end of a file, of at most *room* bytes."""
    place: Json = {"Bucket": file.bucket, "Key": file.key}
    if file.size > room:
        place["Range"] = f"bytes=-{room}"
    body: bytes = with_retries(s3.get_object, **place)["Body"].read()
    lines = body.splitlines()
    for line in lines[1:] if file.size > room else lines:  # the first one is cut off
        if (record := _record(line)) is not None:
            yield record


def _record(line: bytes) -> Json | None:
    """Return the record of a line; None for a line that SageMaker did not write."""
    try:
        record: Json = json.loads(line)
        moment(record["eventMetadata"]["inferenceTime"])
        halves = [record["captureData"].get(name) or {} for name in HALVES]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return record if all(isinstance(half, dict) for half in halves) else None
