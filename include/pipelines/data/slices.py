"""Dated slices of raw data, and the window of them that a run works on."""

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
    """One week of rows, from its Monday on; *path* is `<monday>.csv`."""

    first_day: date
    path: Path

    @property
    def end(self) -> date:
        """The first day after it: a slice is complete from then on."""
        return self.first_day + WEEK


@dataclass(frozen=True)
class DataWindow:
    """Half-open in days, whole slices only; the newest slice is the holdout."""

    slices: tuple[Slice, ...]

    def __post_init__(self) -> None:
        if len(self.slices) < 2:
            raise ValueError(
                f"A window of {len(self.slices)} slices cannot be trained on: one is held out. "
                "Choose a later window_end, or bring more slices into the landing folder."
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
    """All slices of a pipeline by date; a later folder's file replaces an earlier one's."""
    found: dict[date, Slice] = {}
    for folder in folders:
        for path in sorted((folder / pipeline).glob("*.csv")):
            first_day = _date_of(path)
            found[first_day] = Slice(first_day, path)
    return [found[day] for day in sorted(found)]


def _date_of(path: Path) -> date:
    try:
        first_day = date.fromisoformat(path.stem)
    except ValueError:
        raise ValueError(
            f"{path} is not named by a date. Rename it to the Monday of its week, as in "
            "2024-01-01.csv."
        ) from None
    monday = first_day - timedelta(days=first_day.weekday())
    if first_day != monday or path.stem != f"{monday}":
        raise ValueError(
            f"{path} is named {path.stem!r}, and a slice is named by the Monday of its week. "
            f"Rename it to {monday}.csv, if its rows are of that week."
        )
    return first_day


def day_of(text: str | None) -> date | None:
    """The day, in UTC, that a date or a moment in ISO's form names; None if it names none."""
    try:
        return moment(text or "").date()
    except ValueError:
        return None


def window_ending(slices: Sequence[Slice], end: date | None, length: int) -> DataWindow:
    """The last *length* complete slices at *end*, or of all there are."""
    complete = [piece for piece in slices if end is None or piece.end <= end]
    return DataWindow(tuple(complete[-length:]))


def interval_has_slice(slices: Sequence[Slice], start: datetime, end: datetime) -> bool:
    """Whether a slice became complete within the interval (its last day may end with it)."""
    return any(start.date() < piece.end <= end.date() for piece in slices)


def newer_than(slices: Sequence[Slice], end: date) -> list[Slice]:
    """Slices that a model with a window up to *end* has not seen."""
    return [piece for piece in slices if piece.end > end]
