"""Check, split, encode and summarize the files of a window, in memory that rows do not fill.

All files are read twice: once to check them and to summarize their rows, and, where no rule is
broken, once to write the data sets.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ..drift.baseline import write_baseline
from ..drift.contracts import CONTRACT
from ..drift.statistics import write_json
from .archive import NAME, write_archive
from .contract import contract_document
from .datasets import write_parts
from .duplicates import duplicates
from .hashing import Hashes
from .keys import KeyLog
from .lines import Lines
from .outputs import ROWS
from .schema import Schema
from .sources import Source
from .summary import Summary, Totals, summarize
from .violations import Violation, Violations

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_THREADS = 8  # each has a block of rows in memory
DATA_SETS = ("train", "validation", "holdout")
PARTS = {"train": "the rows to train on", "holdout": "the holdout"}
ABSENT = (
    "no row says {!r}, and a model is judged by distinguishing all labels. Correct the export, or "
    "choose another window."
)
FEW = (
    "it has {} rows, fewer than {}. Lengthen the pipeline's holdout, or lower its least number of "
    "rows."
)
NO_NUMBER = "no row has a number. Fill the column, or take it out of the pipeline's schema.py."
Form = tuple[tuple[str, ...], tuple[str, ...]]  # columns written unusually, and with empty cells


class BadData(ValueError):
    """Raised for a window that breaks rules; the message has the first violation of each."""

    def __init__(self, violations: Violations) -> None:
        super().__init__(violations.message())
        self.violations = violations


@dataclass(frozen=True)
class Share:
    """The part of a job's work that one of its instances does."""

    instance: int = 0
    instances: int = 1


ALL = Share()


def prepare(
    schema: Schema,
    sources: Sequence[Source],
    output: Path,
    holdout_rows: int = 1,
    share: Share = ALL,
) -> dict[str, int]:
    """Write a window's data sets, baseline and preprocessing; return the rows of each data set.

    Of several instances, each checks all files, and writes the parts of its own ones.

    :raises BadData: Rules are broken; nothing is written.
    """
    totals, forms = checked(schema, sources)
    refuse(window_violations(schema, totals, holdout_rows))
    medians = totals.medians
    own = [*zip(sources, forms, strict=True)][share.instance :: share.instances]
    write_all(((source, Lines(schema, medians, *form)) for source, form in own), output)
    if share.instance == 0:
        write_archive(schema, medians, output / "preprocessing" / NAME)
        write_statistics(schema, totals, output / "baseline")
    return {name: totals.size(name) for name in DATA_SETS}


def checked(schema: Schema, sources: Sequence[Source]) -> tuple[Totals, list[Form]]:
    """Return what all files say, and how each writes its numbers; raise BadData."""
    totals, forms = Totals(schema), []
    with KeyLog() as keys:
        for summary in summarized(schema, sources, keys.add):
            totals.add(summary)
            forms.append((summary.written, summary.missing))
        repeated, surplus = keys.repeated()
    if surplus:
        totals.violations.merge(duplicates(schema, sources, repeated, surplus))
    refuse(totals.violations)
    return totals, forms


def write_statistics(schema: Schema, totals: Totals, baseline: Path) -> None:
    """Write the baseline, with the contract of the models of its data and their rows."""
    write_baseline(totals.baseline, baseline)
    write_json(baseline / CONTRACT, contract_document(schema))
    write_json(baseline / ROWS, {name: totals.size(name) for name in DATA_SETS})


def summarized(
    schema: Schema, sources: Sequence[Source], keep: Callable[[Hashes], None]
) -> Iterator[Summary]:
    """Yield the summary of each file in their order; *keep* gets the hashes of all keys."""
    return _in_order(lambda source: summarize(schema, source, keep).settled(), sources)


def refuse(violations: Violations) -> None:
    """Raise BadData if a rule is broken."""
    if violations:
        raise BadData(violations)


def window_violations(schema: Schema, totals: Totals, holdout_rows: int) -> Violations:
    """Return what only all files together break."""
    violations = Violations()
    if (rows := totals.size("holdout")) < holdout_rows:
        sentence = FEW.format(rows, holdout_rows)
        violations.add(Violation("holdout", PARTS["holdout"], sentence))
    for name, where in PARTS.items():
        labels = totals.labels.get(name, Counter())
        for label in schema.labels or ():
            if not labels[label]:
                violations.add(Violation("labels", where, ABSENT.format(label), schema.label))
    columns = totals.train.columns
    for name in schema.numbers:
        if name not in columns or not columns[name].numbers.rows:
            violations.add(Violation("column", PARTS["train"], NO_NUMBER, name))
    return violations


def write_all(files: Iterable[tuple[Source, Lines]], output: Path) -> None:
    """Write the parts of all files."""
    for _ in _in_order(lambda file: write_parts(*file, output), files):
        pass


def _in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield the results in the order of *items*; only a few of them wait in memory."""
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
