"""Name the raw files of a job in the order of their partitions, with what each is used for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from .partitions import files_by_time, held_out
from .violations import Violation

INPUT_ADDRESS = "PRODML_INPUT_ADDRESS"  # the prefix of the raw files on S3


class Role(Enum):
    """The uses of the rows of a file."""

    OLDER = "older"  # training and validation
    HOLDOUT = "holdout"
    UNLABELLED = "unlabelled"  # scoring


class BadFile(ValueError):
    """Raised for a file that cannot be read as a whole or from some place on."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


@dataclass(frozen=True)
class Source:
    """One raw file; *uri* is its name in messages, *name* that of its parts of data sets."""

    path: Path
    uri: str
    name: str
    role: Role

    def bad(self, rule: str, sentence: str, column: str | None = None) -> BadFile:
        return BadFile(Violation(rule, self.uri, sentence, column))


def labelled_sources(raw: Path, first_held_out: datetime | None) -> list[Source]:
    """Return the files below *raw*, the oldest first; raise ValueError without two partitions."""
    groups = files_by_time(raw)
    holdout = held_out([time for time, _ in groups], first_held_out)
    if not groups:
        raise ValueError(
            f"{os.environ.get(INPUT_ADDRESS, raw)} has no files. Choose a window with partitions."
        )
    if len(holdout) == len(groups) or not holdout:
        raise ValueError(
            f"{address_of(raw, groups[-1][1][0])} is the only partition: a window has an older one "
            "to train on and a newer one to hold out."
        )
    return _numbered(
        raw,
        [
            (path, Role.HOLDOUT if time in holdout else Role.OLDER)
            for time, paths in groups
            for path in paths
        ],
    )


def unlabelled_sources(raw: Path) -> list[Source]:
    """Return the files below *raw*, of which the rows are scored; raise ValueError without any."""
    paths = [path for _, paths in files_by_time(raw) for path in paths]
    if not paths:
        raise ValueError(
            f"{os.environ.get(INPUT_ADDRESS, raw)} has no files. Choose a partition with data."
        )
    return _numbered(raw, [(path, Role.UNLABELLED) for path in paths])


def _numbered(raw: Path, files: Sequence[tuple[Path, Role]]) -> list[Source]:
    return [
        Source(path, address_of(raw, path), f"part-{number:05}.csv", role)
        for number, (path, role) in enumerate(files)
    ]


def address_of(raw: Path, path: Path) -> str:
    """Return a file's address on S3, if the job is given that of *raw*; else its path."""
    address = os.environ.get(INPUT_ADDRESS)
    return f"{address}{path.relative_to(raw).as_posix()}" if address else str(path)
