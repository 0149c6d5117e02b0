"""Name the raw files of a job in the order of their partitions, with what each is used for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from .partitions import files_by_time, held_out
from .violations import Violation

JOB = Path("/opt/ml/config/processingjobconfig.json")


class Role(Enum):
    """What the rows of a file are used for."""

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
        raise ValueError(f"{address_of(raw)} has no files. Choose a window with partitions.")
    if len(holdout) == len(groups) or not holdout:
        raise ValueError(
            f"{address_of(groups[-1][1][0])} is the only partition: a window needs an older one "
            "to train on and a newer one to hold out."
        )
    return _numbered(
        [
            (path, Role.HOLDOUT if time in holdout else Role.OLDER)
            for time, paths in groups
            for path in paths
        ]
    )


def _numbered(files: Sequence[tuple[Path, Role]]) -> list[Source]:
    return [
        Source(path, address_of(path), f"part-{number:05}.csv", role)
        for number, (path, role) in enumerate(files)
    ]


def address_of(path: Path, job: Path = JOB) -> str:
    """Return the S3 address of an input of a Processing job; of another file, its path."""
    for local, uri in _inputs(job):
        if path == local or local in path.parents:
            below = path.relative_to(local).as_posix()
            return uri if below == "." else f"{uri.rstrip('/')}/{below}"
    return str(path)


def _inputs(job: Path) -> list[tuple[Path, str]]:
    """Return the folders of the job's inputs with their prefixes on S3."""
    if not job.is_file():
        return []
    inputs = json.loads(job.read_text()).get("ProcessingInputs") or []
    sources = [one["S3Input"] for one in inputs if "S3Input" in one]
    return [
        (Path(source["LocalPath"]), source["S3Uri"])
        for source in sources
        if source.get("S3DataType") != "ManifestFile"
    ]
