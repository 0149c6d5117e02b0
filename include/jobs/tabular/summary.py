"""Summarize files one by one: what each adds to the medians, the baseline and the checks.

A file's summary does not depend on other files or on the machine that makes it, and summaries are
merged in the order of their files. So any number of instances gives the same encoder and baseline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..drift.columns import Column
from ..drift.kll import Kll
from ..drift.samples import Sample
from ..drift.statistics import Profile, from_json, to_json
from ..drift.tables import Batch
from .checking import Checker
from .hashing import Hashes, below, hashes_of, shuffled
from .reading import Rows, blocks
from .schema import Schema
from .sources import BadFile, Role, Source
from .violations import Violations

VALIDATION_SHARE = 0.2


@dataclass
class Summary:
    """One file: its rows, labels by data set, statistics, and the rules that it breaks."""

    rows: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    train: Profile = field(default_factory=Profile)
    validation: Profile = field(default_factory=Profile)
    sample: Sample = field(default_factory=Sample)
    written: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    violations: Violations = field(default_factory=Violations)

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "labels": self.labels,
            "train": to_json(self.train),
            "validation": to_json(self.validation),
            "sample": self.sample.to_json(),
            "written": self.written,
            "missing": self.missing,
            "violations": self.violations.to_json(),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Summary:
        return cls(
            document["rows"],
            {name: Counter(labels) for name, labels in document["labels"].items()},
            from_json(document["train"]),
            from_json(document["validation"]),
            Sample.from_json(document["sample"]),
            tuple(document["written"]),
            tuple(document["missing"]),
            Violations.from_json(document["violations"]),
        )


def summarize(schema: Schema, source: Source, keep: Callable[[Hashes], None]) -> Summary:
    """Return the summary of a file; *keep* gets the hashes of its keys."""
    summary, rows = Summary(), Rows()
    checker = Checker(schema, source, rows)
    try:
        for block in blocks(schema, source, source.role != Role.UNLABELLED, rows):
            columns = checker.block(block)
            hashes = hashes_of(columns[schema.key])
            keep(hashes)
            summary.rows += len(hashes)
            if not checker.violations:
                _add(schema, summary, source.role, columns, hashes)
        checker.finish(summary.rows)
    except BadFile as error:
        checker.violations.add(error.violation)
    summary.violations = checker.violations
    summary.written = tuple(sorted(checker.written))
    summary.missing = tuple(sorted(checker.missing))
    return summary


def _add(
    schema: Schema, summary: Summary, role: Role, columns: dict[str, pa.Array], hashes: Hashes
) -> None:
    if role == Role.OLDER:
        validates = pa.array(below(hashes, VALIDATION_SHARE))
        parts = (
            ("train", summary.train, pc.invert(validates)),
            (
                "validation",
                summary.validation,
                validates,
            ),
        )
        batch = pa.RecordBatch.from_arrays([*columns.values()], names=[*columns])
        summary.sample.add(batch.select([*schema.inputs]), shuffled(hashes))
        for name, profile, chosen in parts:
            part = batch.filter(chosen)
            _count(schema, summary, name, part.column(part.schema.get_field_index(schema.label)))
            inputs = part.select([*schema.inputs])
            profile.add(Batch("", inputs), (*schema.flags, *schema.categories))
    elif role == Role.HOLDOUT:
        _count(schema, summary, "holdout", columns[schema.label])


def _count(schema: Schema, summary: Summary, name: str, labels: pa.Array) -> None:
    counts = summary.labels.setdefault(name, Counter())
    if schema.labels is None:
        counts["rows"] += len(labels)
    else:
        values, times = pc.value_counts(labels).flatten()
        counts.update(dict(zip(values.to_pylist(), times.to_pylist(), strict=True)))


@dataclass
class Totals:
    """The merged summaries of all files of a window."""

    schema: Schema
    rows: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    train: Profile = field(default_factory=Profile)
    validation: Profile = field(default_factory=Profile)
    sample: Sample = field(default_factory=Sample)
    violations: Violations = field(default_factory=Violations)

    def add(self, summary: Summary) -> None:
        """Merge the summary of the next file."""
        self.rows += summary.rows
        for name, labels in summary.labels.items():
            self.labels.setdefault(name, Counter()).update(labels)
        self.train.merge(summary.train)
        self.validation.merge(summary.validation)
        self.sample.merge(summary.sample)
        self.violations.merge(summary.violations)

    @property
    def medians(self) -> dict[str, float]:
        """Return the medians of the training rows: exact ones of up to 2,048 rows."""
        columns = self.train.columns
        return {name: median_of(columns[name].numbers.sketch) for name in self.schema.numbers}

    @property
    def shown(self) -> Sample:
        """Return the sample of training and validation rows, without personal columns."""
        sample = Sample(without=self.schema.personal)
        sample.merge(self.sample)
        return sample

    @property
    def baseline(self) -> Profile:
        """Return the statistics of training and validation rows, without personal values."""
        profile = Profile()
        profile.merge(self.train)
        profile.merge(self.validation)
        for name in self.schema.personal:
            if name in profile.columns:
                profile.columns[name] = Column(name, missing=profile.rows, personal=True)
        return profile.settled()

    def size(self, name: str) -> int:
        """Return the rows of a data set."""
        return self.labels.get(name, Counter()).total()


def median_of(sketch: Kll) -> float:
    """Return the median of the rows in a sketch, whose rank is at most 0.001 off."""
    items, weights = sketch.weighted()
    ends = np.cumsum(weights)
    middle = [(ends[-1] - 1) // 2, ends[-1] // 2]
    return float(items[np.searchsorted(ends, middle, side="right")].mean())
