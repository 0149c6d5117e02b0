"""Score both models on parts of the holdout: the rows of each value of a column."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .answers import Answers, Array, UnusableAnswers, files
from .measures import MEASURES
from .scores import SCORES

Json = dict[str, Any]
VALUES = 20  # of a column; the rows of rarer values are one segment
OTHERS = "others"


def segments(
    records: Path,
    columns: Mapping[str, int],
    problem: str,
    truth: Array,
    models: Mapping[str, Answers],
) -> list[Json]:
    """Return the scores of each segment, for each of *columns*, which are names and places."""
    codes = _codes(records, list(columns.values()), len(truth))
    parts = []
    for place, name in enumerate(columns):
        known, column = codes[place]
        for value, rows in _parts(known, column):
            one: Json = {"column": name, "value": value, "rows": len(rows)}
            for role, answers in models.items():
                one[role] = _scores(problem, truth[rows], answers.take(rows))
            parts.append(one)
    return parts


def _scores(problem: str, truth: Array, answers: Answers) -> dict[str, float | None]:
    """Return the scores; None for one that needs more classes than a segment has."""
    measured = MEASURES[problem](truth, answers, None)
    return {
        name: None if np.isnan(measured[name]) else float(measured[name])
        for name in SCORES[problem]
    }


def _parts(known: Sequence[str], column: Array) -> Iterator[tuple[str, Array]]:
    """Yield each value with its rows, the most frequent ones first."""
    counts = np.bincount(column, minlength=len(known))
    order = np.argsort(-counts, kind="stable")
    for code in order[:VALUES]:
        yield known[code], np.flatnonzero(column == code)
    if len(order) > VALUES:
        yield OTHERS, np.flatnonzero(np.isin(column, order[VALUES:]))


def _codes(records: Path, places: Sequence[int], rows: int) -> list[tuple[list[str], Array]]:
    """Return the values of each column, and the number of each row's value."""
    known: list[dict[str, int]] = [{} for _ in places]
    codes = np.zeros((len(places), rows), dtype=np.int32)
    row = -1
    for row, record in enumerate(_records(records)):
        if row < rows:
            for column, place in enumerate(places):
                numbers = known[column]
                codes[column, row] = numbers.setdefault(record[place], len(numbers))
    if row + 1 != rows:
        raise UnusableAnswers(
            f"Input {records.name!r} has {row + 1} records for {rows} labels. Give the records and "
            "labels of one holdout."
        )
    return [(list(numbers), codes[place]) for place, numbers in enumerate(known)]


def _records(folder: Path) -> Iterator[list[str]]:
    for path in files(folder):
        with path.open(newline="", encoding="utf-8") as file:
            yield from csv.reader(file)
