"""Rows from wherever they lie: CSV with a header, or an endpoint's capture files."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

Cells = list[str]


class UnreadableData(ValueError):
    """Raised when data cannot be checked; the message names the file and what to do."""


@dataclass(frozen=True)
class Window:
    """Half-open: from *start* up to, not including, *end*; None is unbounded."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        after = self.start is None or moment >= self.start
        return after and (self.end is None or moment < self.end)


def read_csv(path: Path) -> tuple[Cells, list[Cells]]:
    """The header and the rows of one CSV file."""
    if not path.is_file():
        raise UnreadableData(
            f"{path} does not exist. Name a CSV file or a folder of capture files."
        )
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        rows = [row for row in csv.reader(file) if row]
    if not rows:
        raise UnreadableData(f"{path} is empty: it has not even a header line. Write it again.")
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise UnreadableData(
                f"{path}, row {number}: {len(row)} values under a header of {len(rows[0])} "
                "columns. The file may be truncated: write it again."
            )
    return rows[0], rows[1:]


def read_capture(folder: Path, columns: Sequence[str], window: Window) -> list[Cells]:
    """Input rows of all capture files below *folder* whose inference time is in *window*."""
    rows: list[Cells] = []
    for path in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for row in _record(line, path, number, window):
                if len(row) != len(columns):
                    raise UnreadableData(
                        f"{path.name} line {number}: {len(row)} values where the baseline has "
                        f"{len(columns)} columns. Check that the endpoint serves this baseline's "
                        "model."
                    )
                rows.append(row)
    return rows


def _record(line: str, path: Path, number: int, window: Window) -> list[Cells]:
    try:
        return list(_rows_of(json.loads(line), window))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableData(
            f"{path.name} line {number} is no capture record ({error!r}); the file may be "
            "truncated. Remove the file, or check again once its upload is complete."
        ) from None


def _rows_of(record: dict[str, Any], window: Window) -> Iterator[Cells]:
    event = record["eventMetadata"]
    if not window.holds(datetime.fromisoformat(event["inferenceTime"])):
        return
    if event.get("invocationSource") == "ShadowExperiment":
        return
    given = record["captureData"].get("endpointInput")
    if given:
        yield from _decoded(given["data"], given["encoding"])


def _decoded(data: str, encoding: str) -> Iterable[Cells]:
    if encoding == "BASE64":
        data = base64.b64decode(data).decode()
    if encoding == "JSON":
        instances = json.loads(data)
        return [[str(value) for value in row] for row in instances.get("instances", instances)]
    return [row for row in csv.reader(io.StringIO(data)) if row]
