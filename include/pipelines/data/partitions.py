"""Find the partitions of raw data, and the objects of one that is complete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from include.jobs.tabular.partitions import CSV, SUCCESS, is_data, named
from include.pipelines.data.landing import Item, Place, places
from include.pipelines.definition.partitions import Partitions
from include.pipelines.definition.pipeline import Pipeline

BEING_WRITTEN = ("partial", "part", "tmp")  # the last suffix of a file that is not complete
LOGS = {"_delta_log": "Delta Lake", ".hoodie": "Hudi"}  # folders of formats with removed rows
NAMED_BY = {
    "hour": "its hour in UTC",
    "day": "its day",
    "week": "the Monday of its week",
    "month": "its month",
}


class BadPartition(ValueError):
    """Raised for a partition that cannot be used, with its address and the remedy."""


@dataclass(frozen=True)
class Partition:
    """The rows of a time: a file or a folder of *place*, whose name ends with a slash then."""

    start: datetime
    end: datetime
    place: Place
    name: str

    @property
    def address(self) -> str:
        return f"{self.place.address}{self.name}"


def find_partitions(pipeline: Pipeline) -> list[Partition]:
    """Return all partitions of a pipeline by time, complete or not."""
    by_start: dict[datetime, Partition] = {}
    for place in places(pipeline.name):
        by_start |= _partitions_of(pipeline.partitions, place)
    return [by_start[start] for start in sorted(by_start)]


def _partitions_of(stated: Partitions, place: Place) -> dict[datetime, Partition]:
    partitions: dict[datetime, Partition] = {}
    for name in place.names():
        start = _start(stated, place, name)
        if start is None:
            continue
        partition = Partition(start, stated.end(start), place, name)
        if other := partitions.get(start):
            raise BadPartition(
                f"{other.address} and {partition.address} are partitions of one time. Keep one of "
                "them, or put the files of both into one folder."
            )
        partitions[start] = partition
    return partitions


def _start(stated: Partitions, place: Place, name: str) -> datetime | None:
    """Return the time that a file or a folder is named by; None for what is no partition."""
    bare, is_folder = name.rstrip("/"), name.endswith("/")
    if not is_data(bare):
        return None
    parts = named(bare)
    suffix = parts.suffix if parts else bare.partition(".")[2]
    if not is_folder and suffix.lower().rpartition(".")[2] in BEING_WRITTEN:
        return None
    if parts is None and (is_folder or _is_format(stated, suffix)):
        raise BadPartition(
            f"{place.address}{name} is not named by a time. Rename it to {NAMED_BY[stated.every]}, "
            f"such as {stated.suggested('')}{'/' if is_folder else f'.{suffix}'}."
        )
    if parts is None:
        return None  # such as README.md
    if (is_folder and suffix) or not (is_folder or not suffix or _is_format(stated, suffix)):
        raise BadPartition(
            f"{place.address}{name} has the suffix {suffix!r}. Export it as one of "
            f"{', '.join(stated.formats)}, or as a folder of such files without a suffix."
        )
    start = stated.start(parts.time)
    if start is None:
        better = bare.replace(parts.time, stated.suggested(parts.time)) + name[len(bare) :]
        raise BadPartition(
            f"{place.address}{name} is named {parts.time!r}, but a partition is named by "
            f"{NAMED_BY[stated.every]}. Rename it to {better}, if its rows are of that time."
        )
    return start


def _is_format(stated: Partitions, suffix: str) -> bool:
    return any(suffix == form or suffix.endswith(f".{form}") for form in stated.formats)


def contents(stated: Partitions, partition: Partition, now: datetime) -> list[Item]:
    """Return the files of rows of a complete partition.

    :raises BadPartition: The partition is being written, has no rows, or files of another format.
    """
    items = partition.place.items(partition.name)
    if why := _being_written(stated, partition, items, now):
        raise BadPartition(
            f"{partition.address} is being written: {why}. Clear the task when it is complete, or "
            "choose an earlier window_end."
        )
    _refuse_logs(partition, items)
    # Engines write an empty file for a worker without rows.
    data = [item for item in items if item.size and is_data(item.name)]
    if not data:
        raise BadPartition(
            f"{partition.address} is empty. Export the {stated.every} again, or remove it."
        )
    _refuse_formats(stated, partition, data)
    return data


def _being_written(
    stated: Partitions, partition: Partition, items: Sequence[Item], now: datetime
) -> str | None:
    """Return why a folder is not complete; a file exists only when it is whole."""
    is_marked = any(item.name.rpartition("/")[2] == SUCCESS for item in items)
    if not partition.name.endswith("/") or is_marked or not items:
        return None
    newest = max(items, key=lambda item: item.modified)
    age = now - newest.modified
    if age >= stated.settled_after:
        return None
    return (
        f"it has no {SUCCESS}, and {newest.name} is {max(0, int(age.total_seconds()))} s old, less "
        f"than the {int(stated.settled_after.total_seconds())} s of the pipeline's settled_after"
    )


def _refuse_logs(partition: Partition, items: Iterable[Item]) -> None:
    """Refuse a table whose log says which of its files count."""
    logs = {LOGS[part] for item in items for part in item.name.split("/") if part in LOGS}
    if logs:
        raise BadPartition(
            f"{partition.address} is a table of {logs.pop()}, whose files hold removed rows as "
            "well. Export its rows as plain Parquet."
        )


def _refuse_formats(stated: Partitions, partition: Partition, items: Iterable[Item]) -> None:
    ends = (CSV, "gz") if CSV in stated.formats else stated.formats
    for item in items:
        last = item.name.rpartition("/")[2]
        suffix = last.partition(".")[2].lower()
        if suffix and not _is_format(stated, suffix) and suffix.rpartition(".")[2] not in ends:
            raise BadPartition(
                f"{partition.place.address}{item.name} has the suffix {suffix!r}. Export the "
                f"partition as {', '.join(stated.formats)}."
            )


def newer_than(partitions: Iterable[Partition], end: datetime, now: datetime) -> list[Partition]:
    """Return the partitions that a model with a window up to *end* has not seen, and may learn."""
    return [partition for partition in partitions if end < partition.end <= now]
