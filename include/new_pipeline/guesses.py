"""Guess a schema from a sample: key, label, kinds of columns, vocabularies, personal columns."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.jobs.tabular.schema import Schema
from include.new_pipeline.columns import (
    Column,
    Kind,
    are_numbers,
    guess,
    is_identifier,
    is_personal,
)
from include.new_pipeline.errors import SampleError
from include.new_pipeline.sample import Sample

CLASSES = "classification"
NUMBERS = "regression"
MOST_CLASSES = 50
MOST_NUMBERED = 10  # whole numbers that are rather classes than amounts
POSITIVE = frozenset({"yes", "y", "true", "t", "1", "1.0", "positive", "pos", "bad", "fraud"})


@dataclass(frozen=True)
class Guesses:
    """The possible meaning of a sample; the remarks become comments."""

    sample: Sample
    key: str
    label: str
    labels: Mapping[str, int] | None
    label_remark: str
    columns: tuple[Column, ...]
    personal: tuple[str, ...]
    spread: float  # standard deviation of a label that is a number

    def of(self, kind: Kind) -> list[Column]:
        return [column for column in self.columns if column.kind is kind]

    @property
    def schema(self) -> Schema:
        """Return the schema; raise SchemaError if it contradicts itself."""
        return Schema(
            key=self.key,
            label=self.label,
            labels=self.labels,
            numbers=tuple(column.name for column in self.of(Kind.NUMBER)),
            flags=tuple(column.name for column in self.of(Kind.FLAG)),
            categories={column.name: column.values for column in self.of(Kind.CATEGORY)},
            personal=self.personal,
        )


def guesses(sample: Sample, label: str, key: str | None, problem: str | None) -> Guesses:
    """Return the guesses; raise SampleError for a sample of which no model can be made."""
    for name in filter(None, (label, key)):
        if name not in sample.columns:
            raise SampleError(
                f"{sample.path} has no column {name!r}. Use one of: {', '.join(sample.columns)}."
            )
    key = key or _key(sample, label)
    if key == label:
        raise SampleError(f"{label!r} is both --key and --label. Name two columns.")
    labels, remark = _labels(sample, label, problem)
    columns = tuple(
        guess(name, texts, name in sample.booleans)
        for name, texts in sample.columns.items()
        if name not in (key, label)
    )
    if all(column.kind is Kind.LEFT_OUT for column in columns):
        reasons = "; ".join(f"{column.name!r}: {column.remark}" for column in columns[:5])
        raise SampleError(
            f"{sample.path} has no column to learn from ({reasons}). Add columns with numbers or "
            "with a few different texts."
        )
    used = [key, *(c.name for c in columns if c.kind is not Kind.LEFT_OUT), label]
    personal = tuple(filter(is_personal, used))
    spread = 0.0 if labels else statistics.pstdev(float(t) for t in sample.columns[label] if t)
    return Guesses(sample, key, label, labels, remark, columns, personal, spread)


def _key(sample: Sample, label: str) -> str:
    """Return the column that identifies a row: by its name, else the first one."""
    distinct = [
        name
        for name, texts in sample.columns.items()
        if name != label and "" not in texts and len(set(texts)) == sample.rows
    ]
    exact = [name for name in distinct if not any("." in text for text in sample.columns[name])]
    for names in ([name for name in distinct if is_identifier(name)], exact):
        if names:
            return names[0]
    raise SampleError(
        f"No column of {sample.path} identifies its rows: each has empty or repeated cells. Add "
        "one, such as a number of the row, or name it by --key if it repeats in the sample alone."
    )


def _labels(sample: Sample, label: str, problem: str | None) -> tuple[dict[str, int] | None, str]:
    """Return the classes of the label with their numbers, None for amounts, and a remark."""
    texts = [text for text in sample.columns[label] if text]
    counts = Counter(texts)
    if len(counts) < 2:
        raise SampleError(
            f"Column {label!r} of {sample.path} has {len(counts)} different values, and a model "
            "predicts at least two. Choose another label, or a larger sample."
        )
    numeric = are_numbers(counts)
    if problem == NUMBERS and not numeric:
        text = next(text for text in counts if not are_numbers([text]))
        raise SampleError(
            f"Column {label!r} of {sample.path} has {text!r}, which is not a number. Correct it, "
            f"or use --problem {CLASSES}."
        )
    if problem == NUMBERS or (problem is None and numeric and _are_amounts(counts)):
        return None, "guess: amounts, so the model is a regression" if problem is None else ""
    if len(counts) > MOST_CLASSES:
        raise SampleError(
            f"Column {label!r} of {sample.path} has {len(counts)} different values, and a model "
            f"here predicts at most {MOST_CLASSES} classes. Group them, or choose another label."
        )
    return _numbered(counts, numeric), _remark(counts, numeric and problem is None)


def _are_amounts(counts: Counter[str]) -> bool:
    """Return whether numbers are amounts rather than a few classes."""
    whole = all(float(text).is_integer() for text in counts)
    return len(counts) > (MOST_NUMBERED if whole else 2)


def _numbered(counts: Counter[str], numeric: bool) -> dict[str, int]:
    """Return the classes from 0 on; of two, the one that a model should find is 1."""
    names: Sequence[str] = sorted(counts, key=float if numeric else str)
    if len(names) == 2:
        positive = [name for name in names if name.lower() in POSITIVE]
        last = positive[0] if len(positive) == 1 else min(names, key=counts.__getitem__)
        names = [*(name for name in names if name != last), last]
    return {name: number for number, name in enumerate(names)}


def _remark(counts: Counter[str], may_be_amounts: bool) -> str:
    if may_be_amounts and len(counts) > 2:
        return f"guess: classes; for amounts, use --problem {NUMBERS}"
    rarest, rows = min(counts.items(), key=lambda item: item[1])
    if rows < 10:
        return f"check: {rows} rows of the sample are {rarest!r}, too few to learn from"
    return "guess: class 1 is the one to find" if len(counts) == 2 else ""
