"""Names of partitions: files or folders that are named by the time of their rows.

`2024-01-01.csv`, `2024-01-01T06.csv.gz`, `2024-01.parquet`, `dt=2024-01-01/part-0.parquet`. All
times are UTC. Pure Python: tasks plan by these names, and the jobs sort and split files by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath
from typing import NamedTuple

CSV, GZIP, PARQUET = "csv", "csv.gz", "parquet"
FORMATS = (CSV, GZIP, PARQUET)
SUCCESS = "_SUCCESS"  # the marker by which a writer says that its folder is complete
TIME = r"(\d{4}-\d{2}(?:-\d{2}(?:T\d{2})?)?)"
NAME = re.compile(rf"(?:[A-Za-z_]\w*=)?{TIME}(\.[^/]*)?")
PATTERNS = {7: "%Y-%m", 10: "%Y-%m-%d", 13: "%Y-%m-%dT%H"}  # by the length of the text


class Named(NamedTuple):
    """Hold the parts of a partition's name: the text of its time, and what follows the text."""

    time: str
    suffix: str


def named(name: str) -> Named | None:
    """Return the parts of the name of a file or folder; None if it names no time."""
    match = NAME.fullmatch(name)
    return Named(match[1], (match[2] or "").lstrip(".")) if match else None


def parse(text: str) -> datetime:
    """Return the first instant of the time that a name states; raise ValueError for other text."""
    pattern = PATTERNS.get(len(text), "none")
    return datetime.strptime(text, pattern).replace(tzinfo=timezone.utc)


def time_of(path: str) -> datetime | None:
    """Return the time of a file's partition, by its own name or the first folder that has one."""
    for part in PurePosixPath(path).parts:
        if parts := named(part):
            return parse(parts.time)
    return None


def is_data(path: str) -> bool:
    """Return whether a file holds rows: markers, hidden files and folders and manifests do not.

    Engines write into hidden folders, such as `_temporary`, before a partition is complete.
    """
    is_hidden = any(part.startswith(("_", ".")) for part in PurePosixPath(path).parts)
    return not is_hidden and not path.endswith(("manifest", "$folder$"))


def format_of(start: bytes) -> str:
    """Return the format of a file that begins with *start*: engines omit the suffix from names."""
    if start[:4] == b"PAR1":
        return PARQUET
    return GZIP if start[:2] == b"\x1f\x8b" else CSV


def files_below(folder: Path) -> list[str]:
    """Return the paths of the data files below *folder*, relative to it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in paths)
    return [name for name in names if is_data(name)]


def by_time(files: Iterable[str], address: str) -> list[tuple[datetime, list[str]]]:
    """Return relative paths by the time of their partition, the oldest first.

    :param address: Where the files are, for the message.
    :raises ValueError: A file's path names no time.
    """
    groups: dict[datetime, list[str]] = {}
    for file in sorted(files, key=lambda file: PurePosixPath(file).parts):
        time = time_of(file)
        if time is None:
            raise ValueError(
                f"{address}{file} is not named by a time. Name the file, or a folder of it, such "
                "as 2024-01-01."
            )
        groups.setdefault(time, []).append(file)
    return sorted(groups.items())


def held_out(times: Iterable[datetime], first: datetime | None) -> list[datetime]:
    """Return the times of the holdout: those from *first* on, or the newest one alone."""
    ordered = sorted(times)
    return ordered[-1:] if first is None else [time for time in ordered if time >= first]
