"""Rows from an endpoint's data capture: JSON lines, each with one request and its answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import UnreadableData
from .payloads import Payload, Rows, decode
from .tables import Batch

BATCH = 1 << 14  # records
SHADOW = "ShadowExperiment"
Hook = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Window:
    """Half-open: from *start* up to, not including, *end*; None is unbounded."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        after = self.start is None or moment >= self.start
        return after and (self.end is None or moment < self.end)


def moment(text: str) -> datetime:
    """ISO 8601 as AWS writes it; without an offset it is UTC, as inference times are."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 knows no Z
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass
class Capture:
    """
    The capture files below *folder* that were inferred in *window*, as batches of rows.

    *columns* name the values of a request by position, as the baseline has them; a request that
    names its values itself is read by name. *side* is endpointInput or endpointOutput.
    """

    folder: Path
    columns: Sequence[str]
    window: Window = field(default_factory=Window)
    sides: Sequence[str] = ("endpointInput",)
    hook: Hook | None = None

    def batches(self) -> Iterator[tuple[str, Batch]]:
        """Pairs of side and batch; every file is read once, for all sides."""
        for path in sorted(self.folder.rglob("*.jsonl")):
            yield from self._file(path)

    def _file(self, path: Path) -> Iterator[tuple[str, Batch]]:
        waiting: dict[str, list[Payload]] = {side: [] for side in self.sides}
        for payload_side, payload in self._payloads(path):
            waiting[payload_side].append(payload)
            if len(waiting[payload_side]) == BATCH:
                yield from self._rows(path, payload_side, waiting[payload_side])
                waiting[payload_side] = []
        for side, payloads in waiting.items():
            if payloads:
                yield from self._rows(path, side, payloads)

    def _rows(self, path: Path, side: str, payloads: list[Payload]) -> Iterator[tuple[str, Batch]]:
        names = self.columns if side == self.sides[0] else None
        for rows in decode(path.name, payloads, names):
            yield side, Batch(path.name, rows)

    def _payloads(self, path: Path) -> Iterator[tuple[str, Payload]]:
        for number, record in records(path, self.window):
            if self.hook:
                rows = _hooked(self.hook, record, path, number)
                yield self.sides[0], Payload(number, "ROWS", rows)
                continue
            captured = record["captureData"]
            for side in self.sides:
                if half := captured.get(side):
                    yield side, Payload(number, half["encoding"], half["data"])


def records(path: Path, window: Window) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of one file with their line numbers, without shadow traffic."""
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
                if inside[when] and event.get("invocationSource") != SHADOW:
                    record["captureData"]
                    yield number, record
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UnreadableData(
                    f"{path.name} line {number} is no capture record ({error!r}); the file may be "
                    "truncated. Remove the file, or check again once its upload is complete."
                ) from None


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
        found = hook(record)
    except Exception as error:  # noqa: BLE001  (whatever the user's code raises, say where)
        raise UnreadableData(
            f"The pre-processing script failed on {path.name} line {number}: {error!r}. "
            "Mend the script; return [] from it to leave a record out."
        ) from None
    return [found] if isinstance(found, dict) else list(found or [])
