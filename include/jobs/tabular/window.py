"""Check, split, encode and summarize the files of a window, in memory that rows do not fill.

All files are read twice: once to check them and to summarize their rows, and, where no rule is
broken, once to write the data sets.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from ..drift.baseline import write_baseline
from .archive import NAME, write_archive
from .datasets import write_parts
from .duplicates import duplicates
from .hashing import Hashes
from .keys import KeyLog
from .lines import Lines
from .schema import Schema
from .sources import Source
from .summary import Summary, Totals, summarize
from .violations import Violation, Violations

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_THREADS = 8  # each has a block of rows in memory
REPORT = "violations.json"


class BadData(ValueError):
    """Raised for a window that breaks rules; the message has the first violation of each."""

    def __init__(self, violations: Violations) -> None:
        super().__init__(violations.message())
        self.violations = violations


def prepare(schema: Schema, sources: Sequence[Source], output: Path) -> Totals:
    """Write a window's data sets, baseline and preprocessing; raise BadData with all violations."""
    totals, forms = Totals(schema), []
    with KeyLog() as keys:
        for summary in summarized(schema, sources, keys.add):
            totals.add(summary)
            forms.append((summary.written, summary.missing))
        repeated, surplus = keys.repeated()
    refuse(schema, totals, duplicates(schema, sources, repeated, surplus) if surplus else None)
    medians = totals.medians
    lines = (Lines(schema, medians, *form) for form in forms)
    write_all(zip(sources, lines, strict=True), output)
    write_archive(schema, medians, output / "preprocessing" / NAME)
    write_baseline(totals.baseline, output / "baseline")
    return totals


def summarized(
    schema: Schema, sources: Sequence[Source], keep: Callable[[Hashes], None]
) -> Iterator[Summary]:
    """Yield the summary of each file in their order; *keep* gets the hashes of all keys."""
    return _in_order(lambda source: summarize(schema, source, keep).settled(), sources)


def refuse(schema: Schema, totals: Totals, repeated: Violations | None) -> None:
    """Raise BadData if a file, or the window as a whole, breaks a rule."""
    violations = totals.violations
    if repeated:
        violations.merge(repeated)
    if not violations:
        for violation in _of_window(schema, totals):
            violations.add(violation)
    if violations:
        raise BadData(violations)


def _of_window(schema: Schema, totals: Totals) -> list[Violation]:
    """Return what only all files together break."""
    violations = []
    for name, where in (("train", "the rows to train on"), ("holdout", "the holdout")):
        labels = totals.labels.get(name, Counter())
        violations += [
            Violation(
                "labels",
                where,
                f"no row says {label!r}, and a model is judged by distinguishing all labels. "
                "Correct the export, or choose another window.",
                schema.label,
            )
            for label in schema.labels or ()
            if not labels.get(label)
        ]
    violations += [
        Violation(
            "column",
            "the rows to train on",
            "no row has a number. Fill the column, or take it out of the pipeline's schema.py.",
            name,
        )
        for name in schema.numbers
        if name not in totals.train.columns or not totals.train.columns[name].numbers.rows
    ]
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
