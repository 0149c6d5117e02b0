"""Name the raw files of a job in the order of their partitions, with what each is used for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from .partitions import by_time, held_out
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
    """One raw file: its path below *raw*, its place in the order of the files, and its use.

    :param raw: A folder, or a prefix of S3; it ends with a slash.
    """

    raw: str
    file: str
    number: int
    role: Role

    @property
    def address(self) -> str:
        """Return where the file lies."""
        return f"{self.raw}{self.file}"

    @property
    def uri(self) -> str:
        """Return the file's name in messages."""
        return f"{address_of(self.raw)}{self.file}"

    @property
    def name(self) -> str:
        """Return the name of the file's parts of data sets."""
        return f"part-{self.number:05}.csv"

    def bad(self, rule: str, sentence: str, column: str | None = None) -> BadFile:
        return BadFile(Violation(rule, self.uri, sentence, column))


def labelled_sources(
    raw: str, files: Iterable[str], first_held_out: datetime | None
) -> list[Source]:
    """Return *files* below *raw*, the oldest first; raise ValueError without two partitions."""
    groups = by_time(files, address_of(raw))
    holdout = held_out([time for time, _ in groups], first_held_out)
    if not groups:
        raise ValueError(f"{address_of(raw)} has no files. Choose a window with partitions.")
    if len(holdout) == len(groups) or not holdout:
        raise ValueError(
            f"{address_of(raw)}{groups[-1][1][0]} is the only partition: a window has an older one "
            "to train on and a newer one to hold out."
        )
    uses = (
        (file, Role.HOLDOUT if time in holdout else Role.OLDER)
        for time, group in groups
        for file in group
    )
    return [Source(raw, file, number, role) for number, (file, role) in enumerate(uses)]


def unlabelled_sources(raw: str, files: Iterable[str]) -> list[Source]:
    """Return *files* below *raw*, of which the rows are scored; raise ValueError without any."""
    ordered = [file for _, group in by_time(files, address_of(raw)) for file in group]
    if not ordered:
        raise ValueError(f"{address_of(raw)} has no files. Choose a partition with data.")
    return [Source(raw, file, number, Role.UNLABELLED) for number, file in enumerate(ordered)]


def address_of(raw: str) -> str:
    """Return the address of *raw* on S3 if the job is given it, else *raw*."""
    return os.environ.get(INPUT_ADDRESS) or raw
