"""Find weekly partitions of raw data, and the window of them that a run uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from prodml.rendered import moment

from include.pipelines.contracts import Period

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Slice:
    """One weekly partition, from its Monday on; *path* is `<monday>.csv`."""

    first_day: date
    path: Path

    @property
    def end(self) -> date:
        """Return the first day after it, from which on the partition is complete."""
        return self.first_day + WEEK


@dataclass(frozen=True)
class DataWindow:
    """A half-open window of whole partitions; the newest one is the holdout."""

    slices: tuple[Slice, ...]

    def __post_init__(self) -> None:
        if len(self.slices) < 2:
            raise ValueError(
                f"A window of {len(self.slices)} partitions is too short: one is the holdout. "
                "Choose a later window_end, or copy more partitions into the landing folder."
            )

    @property
    def start(self) -> date:
        return self.slices[0].first_day

    @property
    def end(self) -> date:
        return self.slices[-1].end

    def to_json(self) -> Period:
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "files": [str(piece.path) for piece in self.slices],
        }


def find_slices(folders: Iterable[Path], pipeline: str) -> list[Slice]:
    """Return all partitions of a pipeline by date; a later folder overrides an earlier one."""
    slices: dict[date, Slice] = {}
    for folder in folders:
        for path in sorted((folder / pipeline).glob("*.csv")):
            first_day = _date_of(path)
            slices[first_day] = Slice(first_day, path)
    return [slices[day] for day in sorted(slices)]


def _date_of(path: Path) -> date:
    try:
        first_day = date.fromisoformat(path.stem)
    except ValueError:
        raise ValueError(
            f"{path} is not named by a date. Rename it to the Monday of its week, such as "
            "2024-01-01.csv."
        ) from None
    monday = first_day - timedelta(days=first_day.weekday())
    if first_day != monday or path.stem != f"{monday}":
        raise ValueError(
            f"{path} is named {path.stem!r}, but a partition is named by the Monday of its week. "
            f"Rename it to {monday}.csv, if its rows are of that week."
        )
    return first_day


def day_of(text: str | None) -> date | None:
    """Return the UTC day of an ISO date or time; None for other text."""
    try:
        return moment(text or "").date()
    except ValueError:
        return None


def window_ending(slices: Sequence[Slice], end: date | None, length: int) -> DataWindow:
    """Return the window of the last *length* complete partitions at *end*, or of all."""
    complete = [piece for piece in slices if end is None or piece.end <= end]
    return DataWindow(tuple(complete[-length:]))


def interval_has_slice(slices: Sequence[Slice], start: datetime, end: datetime) -> bool:
    """Return whether a partition was completed within the interval, including its end."""
    return any(start.date() < piece.end <= end.date() for piece in slices)


def newer_than(slices: Sequence[Slice], end: date) -> list[Slice]:
    """Return the partitions that a model with a window up to *end* has not seen."""
    return [piece for piece in slices if piece.end > end]
