"""Store the verdict of each checked window in a small file, replaced by a new check."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

from prodml.aws.s3 import objects, read_json, split
from prodml.exceptions import MissingObjectError

from include.pipelines.adapters.aws import client, write_json
from include.pipelines.contracts.drift import KeptWindow
from include.pipelines.definition.pipeline import Pipeline

SHOWN = 29  # earlier windows in a report's trend
STAMP = "%Y%m%dT%H%M%SZ"  # sorts by time


def remember(pipeline: Pipeline, verdict: KeptWindow) -> None:
    end = datetime.fromisoformat(verdict["window_end"])
    write_json(_uri(pipeline, verdict["endpoint"], end), verdict)


def before(pipeline: Pipeline, endpoint: str, end: datetime, most: int) -> list[KeptWindow]:
    """Return the last *most* windows that ended before *end*, oldest first."""
    folder = f"{_folder(pipeline, endpoint)}/"
    bucket, prefix = split(folder)
    s3 = client("s3")
    keys = sorted(item["Key"] for item in objects(s3, folder))
    earlier = [key for key in keys if key[len(prefix) :] < f"{_stamp(end)}.json"]
    return [_read(s3, f"s3://{bucket}/{key}") for key in earlier[-most:] if most]


def ending_at(pipeline: Pipeline, endpoint: str, ends: Sequence[datetime]) -> list[KeptWindow]:
    """Return those windows with these ends that were checked."""
    s3, windows = client("s3"), []
    for end in ends:
        with suppress(MissingObjectError):
            windows.append(_read(s3, _uri(pipeline, endpoint, end)))
    return windows


def _read(s3: Any, uri: str) -> KeptWindow:
    return cast(KeptWindow, read_json(s3, uri))


def _folder(pipeline: Pipeline, endpoint: str) -> str:
    return pipeline.uri("drift", "windows", endpoint)


def _uri(pipeline: Pipeline, endpoint: str, end: datetime) -> str:
    return f"{_folder(pipeline, endpoint)}/{_stamp(end)}.json"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(STAMP)
