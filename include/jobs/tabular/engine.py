"""Do the stages of a job on its files: each stage reads one file, wherever that is done.

A stage takes and gives JSON, so that threads, other instances and Spark's executors do the same
work on a file, and their results are merged in the order of the files.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from .datasets import write_parts
from .duplicates import occurrences
from .hashing import Hashes
from .keys import KeyLog
from .lines import Lines
from .partitions import files_below
from .schema import Schema
from .sources import Source
from .summary import summarize

MOST_THREADS = 8  # each has a block of rows in memory
Json = dict[str, Any]
Work = tuple[Source, Json]  # a file, and the argument of a stage for it
Keep = Callable[[Hashes], None]


class Stage(Enum):
    """The stages of preprocessing, each of which reads every file once."""

    SUMMARIZE = "summarize"
    FIND = "find"  # keys that occur again
    WRITE = "write"


class Engine(Protocol):
    """Something that does a stage on all files."""

    @property
    def raw(self) -> str:
        """Return where the raw files lie: a folder or a prefix of S3, with a slash at its end."""

    @property
    def files(self) -> Sequence[str]:
        """Return the paths of the raw files below that."""

    def run(self, stage: Stage, work: Sequence[Work]) -> Iterator[Json]:
        """Yield the result of *stage* for each file, in their order."""

    def repeated(self) -> tuple[Hashes, int]:
        """Return the hashes of keys that occurred more than once, and their surplus."""


@dataclass(frozen=True)
class Worker:
    """Does the stages on this machine; *keep* gets the hashes of the keys of every file."""

    schema: Schema
    output: Path
    keep: Keep

    def run(self, stage: Stage, work: Iterable[Work]) -> Iterator[Json]:
        """Yield the results in the order of *work*; only a few of them wait in memory."""
        threads = min(os.cpu_count() or 1, MOST_THREADS)
        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[Future[Json]] = deque()
            for source, argument in work:
                waiting.append(pool.submit(self.do, stage, source, argument))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def do(self, stage: Stage, source: Source, argument: Json) -> Json:
        """Return what a stage gives for one file."""
        if stage == Stage.SUMMARIZE:
            return summarize(self.schema, source, self.keep).to_json()
        if stage == Stage.FIND:
            return occurrences(self.schema, source, np.array(argument["hashes"], np.uint64))
        write_parts(source, Lines(self.schema, **argument), self.output)
        return {}


class Alone:
    """The engine of one instance: a few threads."""

    def __init__(self, schema: Schema, raw: Path, output: Path) -> None:
        self._raw = raw
        self.raw = f"{raw}/"
        self._keys = KeyLog()
        self._worker = Worker(schema, output, self._keys.add)

    def __enter__(self) -> Alone:
        return self

    def __exit__(self, *error: object) -> None:
        self._keys.close()

    @property
    def files(self) -> Sequence[str]:
        return files_below(self._raw)

    def run(self, stage: Stage, work: Sequence[Work]) -> Iterator[Json]:
        return self._worker.run(stage, work)

    def repeated(self) -> tuple[Hashes, int]:
        return self._keys.repeated()
