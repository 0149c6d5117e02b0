"""Read an endpoint's data capture: JSON lines, each with one request and its response."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa

from .contracts import Contract, Foreign
from .errors import OtherColumns, UnreadableData, quoted
from .json_rows import Rows
from .payloads import Payload, decode, is_empty
from .tables import Batch

BATCH = 1 << 14  # records
SHADOW = "ShadowExperiment"
TEST_TRAFFIC = "prodml-test-"  # begins the inference id of smoke tests' and load tests' requests
Hook = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Window:
    """A half-open interval from *start* up to *end*; None is unbounded."""

    start: datetime | None = None
    end: datetime | None = None

    def __str__(self) -> str:
        ends = (f"{word} {at:%Y-%m-%d %H:%M:%S}" for word, at in self._ends() if at)
        return " ".join(ends) or "any time"

    def _ends(self) -> tuple[tuple[str, datetime | None], ...]:
        return ("from", self.start), ("to", self.end)

    def holds(self, moment: datetime) -> bool:
        after = self.start is None or moment >= self.start
        return after and (self.end is None or moment < self.end)


def moment(text: str) -> datetime:
    """Parse ISO 8601 as AWS writes it; without an offset it is UTC, as inference times are."""
    parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 does not parse Z
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


def is_capture(path: Path) -> bool:
    """Return whether the path is a capture file, or a folder with some."""
    return bool(capture_files(path))


def capture_files(path: Path) -> list[Path]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in files if file.suffix.lower() == ".jsonl" and file.is_file()]


@dataclass
class Capture:
    """
    The records of *folder*, or of one file, that were inferred in *window*, as batches of rows.

    *columns* names, by side (endpointInput, endpointOutput), the values of a record by position;
    None calls them predictions. A record that names its values itself is read by name. A *hook*
    makes rows of whole records; they count as the first side.
    """

    folder: Path
    columns: Mapping[str, Sequence[str] | None]
    window: Window = field(default_factory=Window)
    hook: Hook | None = None
    shadow: bool = False  # whether answers of shadow variants count, which no caller gets
    contract: Contract | None = None  # of the first side; records of another one are left out
    empty: dict[str, list[str]] = field(default_factory=dict)  # by side: file and line of each
    foreign: Foreign = field(default_factory=lambda: Foreign("requests"))

    def widths(self) -> dict[str, int]:
        """Return the number of values on each side of the window's first record."""
        for path in self._files():
            for side, payload in self._payloads(path):
                widths = {side: _width(path, payload)}
                for other, rest in self._payloads(path):
                    widths.setdefault(other, _width(path, rest))
                    if len(widths) == len(self.columns):
                        break
                return widths
        return {}

    def batches(self) -> Iterator[tuple[str, Batch]]:
        """Yield pairs of side and batch; every file is read once for all sides."""
        for path in self._files():
            yield from self._file(path)

    def _files(self) -> list[Path]:
        return capture_files(self.folder)

    def _file(self, path: Path) -> Iterator[tuple[str, Batch]]:
        waiting: dict[str, list[Payload]] = {side: [] for side in self.columns}
        for payload_side, payload in self._payloads(path):
            waiting[payload_side].append(payload)
            if len(waiting[payload_side]) == BATCH:
                yield from self._rows(path, payload_side, waiting[payload_side])
                waiting[payload_side] = []
        for side, payloads in waiting.items():
            if payloads:
                yield from self._rows(path, side, payloads)

    def _rows(self, path: Path, side: str, payloads: list[Payload]) -> Iterator[tuple[str, Batch]]:
        held = [payload for payload in payloads if not is_empty(payload)]
        if len(held) < len(payloads):
            lines = (payload.line for payload in payloads if is_empty(payload))
            self.empty.setdefault(side, []).extend(f"{path.name} line {n}" for n in lines)
        for rows in self._decoded(path.name, side, held):
            yield side, Batch(path.name, rows)

    def _decoded(self, source: str, side: str, payloads: list[Payload]) -> list[pa.RecordBatch]:
        """Return the payloads' rows; those of another contract are counted and left out."""
        names = self.columns[side]
        if self.contract is None or side != next(iter(self.columns)):
            return list(decode(source, payloads, names))
        try:
            batches = list(decode(source, payloads, names, self.contract))
            self.foreign.fitting += len(payloads)
        except OtherColumns:
            batches = []
            for payload in payloads:
                batches += self._alone(source, payload, names, self.contract)
        return batches

    def _alone(
        self, source: str, payload: Payload, names: Sequence[str] | None, contract: Contract
    ) -> list[pa.RecordBatch]:
        try:
            batches = list(decode(source, [payload], names, contract))
        except OtherColumns as error:
            self.foreign.add(error.place, error.difference)
            return []
        self.foreign.fitting += 1
        return batches

    def _payloads(self, path: Path) -> Iterator[tuple[str, Payload]]:
        for number, record in records(path, self.window, self.shadow):
            if self.hook:
                rows = _hooked(self.hook, record, path, number)
                yield next(iter(self.columns)), Payload(number, "ROWS", rows)
                continue
            captured = record["captureData"]
            for side in self.columns:
                if half := captured.get(side):
                    yield side, Payload(number, half["encoding"], half["data"])


def _width(path: Path, payload: Payload) -> int:
    batch = next(decode(path.name, [payload], None), None)
    return batch.num_columns if batch is not None else 0


def records(
    path: Path, window: Window, shadow: bool = False
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield a file's records with their line numbers, without test traffic and, unless asked for,
    shadow traffic.
    """
    inside: dict[str, bool] = {}  # thousands of records share a second
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(_lines(file, path), 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                event = record["eventMetadata"]
                when = event["inferenceTime"]
                if when not in inside:
                    inside[when] = window.holds(moment(when))
                if inside[when] and _counts(event, shadow):
                    record["captureData"]
                    yield number, record
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UnreadableData(
                    f"{path.name} line {number} is not a capture record "
                    f"({quoted(repr(error))}). It may be truncated. Remove the file, or "
                    "check again once its upload is complete."
                ) from None


def _counts(event: dict[str, Any], shadow: bool) -> bool:
    if not shadow and event.get("invocationSource") == SHADOW:
        return False
    return not (event.get("inferenceId") or "").startswith(TEST_TRAFFIC)


def _lines(file: Any, path: Path) -> Iterator[str]:
    try:
        yield from file
    except UnicodeDecodeError as error:
        raise UnreadableData(
            f"{path.name} is not UTF-8 ({error.reason} at byte {error.start}). Capture files are "
            "UTF-8: this one was written, or changed, by something else."
        ) from None


def _hooked(hook: Hook, record: dict[str, Any], path: Path, number: int) -> Rows:
    try:
        rows = hook(record)
    except Exception as error:  # noqa: BLE001  (whatever the user's code raises, say where)
        raise UnreadableData(
            f"The pre-processing script failed on {path.name} line {number}: "
            f"{quoted(repr(error))}. Fix the script; return [] from it to leave a record out."
        ) from None
    return [rows] if isinstance(rows, dict) else list(rows or [])
