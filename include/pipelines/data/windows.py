"""Choose the window of partitions that a run learns from, and its holdout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from include.pipelines.data.partitions import Partition
from include.pipelines.definition.partitions import Holdout, Partitions
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.errors import NothingNew


@dataclass(frozen=True)
class DataWindow:
    """A half-open window of whole partitions; those from the time *holdout* on are held out."""

    partitions: tuple[Partition, ...]
    holdout: datetime

    @property
    def start(self) -> datetime:
        return self.partitions[0].start

    @property
    def end(self) -> datetime:
        return self.partitions[-1].end


def shown(moment: datetime) -> str:
    """Return a UTC time for people: a day alone where it begins."""
    return f"{moment:%Y-%m-%d}" if moment.hour == 0 else f"{moment:%Y-%m-%d %H:%M}"


def window_ending(
    pipeline: Pipeline, partitions: Sequence[Partition], end: datetime, number: int
) -> DataWindow:
    """Return the window of the last *number* partitions whose time has passed at *end*."""
    chosen = tuple([p for p in partitions if p.end <= end][-number:])
    if not chosen:
        raise ValueError(
            f"No partition ends by {shown(end)}. Choose a later window_end, or add older ones."
        )
    holdout = _held_out(pipeline.holdout, chosen)
    if len(holdout) == len(chosen):
        raise ValueError(
            f"A window of {len(chosen)} partitions from {chosen[0].address} on is too short: the "
            f"holdout of {pipeline.holdout.duration} takes all of them. Choose a later window_end, "
            "or add more partitions."
        )
    return DataWindow(chosen, holdout[0].start)


def _held_out(holdout: Holdout, chosen: Sequence[Partition]) -> list[Partition]:
    """Return the newest partitions that cover the holdout's duration."""
    since = chosen[-1].end - holdout.duration
    return [partition for partition in chosen if partition.end > since]


def refuse_none(partitions: Sequence[Partition], where: str, stated: Partitions) -> None:
    """Refuse a landing without partitions."""
    if not partitions:
        raise ValueError(
            f"There are no partitions in {where}. Add files or folders that are named by their "
            f"{stated.every}, such as {stated.suggested('')}.csv."
        )


def refuse_future(stated: Partitions, partitions: Sequence[Partition], now: datetime) -> None:
    """Refuse a future partition, which would be the holdout of every run."""
    newest = partitions[-1]
    if newest.start > now:
        raise ValueError(
            f"{newest.address} begins at {shown(newest.start)}, in the future. Rename it to its "
            f"{stated.every}, or remove it."
        )


def refuse_later_than_all(partitions: Sequence[Partition], end: datetime) -> None:
    """Refuse an end after all data, which would silently move the window."""
    if end > partitions[-1].end:
        raise ValueError(
            f"window_end is {shown(end)}, but the newest partition, {partitions[-1].address}, ends "
            f"at {shown(partitions[-1].end)}. Choose that time or an earlier one, or add newer "
            "partitions."
        )


def refuse_unfinished(partitions: Sequence[Partition], end: datetime, now: datetime) -> None:
    """Refuse an end that has not come yet, whose partition still grows."""
    if end > now:
        raise ValueError(
            f"window_end is {shown(end)}, in the future: {partitions[-1].address} is not complete "
            f"before its end at {shown(partitions[-1].end)}. Choose an earlier time."
        )


def refuse_gap(stated: Partitions, partitions: Sequence[Partition], end: datetime) -> None:
    """Refuse an end after a missing partition, which would silently move the window."""
    newest = max((piece.end for piece in partitions if piece.end <= end), default=None)
    if newest and stated.end(newest) <= end:
        raise ValueError(
            f"window_end is {shown(end)}, but the newest partition before it ends at "
            f"{shown(newest)}: the {stated.every} in between is missing. Add it, or choose "
            f"{shown(newest)}."
        )


def refuse_idle(
    holdout: Holdout, partitions: Sequence[Partition], start: datetime, end: datetime
) -> None:
    """Skip a scheduled run without new data to learn from."""
    interval = f"between {shown(start)} and {shown(end)}"
    if not any(start < partition.end <= end for partition in partitions):
        raise NothingNew(
            f"No partition was completed {interval}, so there is no new data. "
            "Trigger the DAG by hand to train on the existing data."
        )
    passed = [partition for partition in partitions if partition.end <= end]
    if _held_out(holdout, passed) == passed:
        raise NothingNew(
            f"The partitions until {shown(end)} are the first ones: all of them are held out, and "
            "there is none to train on."
        )
