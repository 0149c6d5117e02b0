"""The first step of an AutoML job: find the problem type, and split the rows.

Its exit message is the result as JSON, or the reason why no model can be trained.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path

from processor import as_number
from tables import BadTable, Row, read_tables, write_rows

SEED = 7
LEAST_ROWS = 500  # of the training data, as AWS demands
MOST_CLASSES = 20  # distinct numbers of a target beyond which it is a quantity
BINARY, MULTICLASS, REGRESSION = (
    "BinaryClassification",
    "MulticlassClassification",
    "Regression",
)


def target_first(header: Row, rows: list[Row], target: str) -> list[Row]:
    """Return the rows that have a target, with the target as their first cell."""
    if target not in header:
        raise BadTable(
            f"The target attribute {target!r} is not in the header. "
            f"Available columns: {', '.join(header)}."
        )
    at = header.index(target)
    return [[row[at], *row[:at], *row[at + 1 :]] for row in rows if row[at].strip()]


def problem_type(labels: list[str]) -> str:
    """Return the problem type that the values of a target suggest."""
    distinct = set(labels)
    if len(distinct) > MOST_CLASSES and all(as_number(label) is not None for label in distinct):
        return REGRESSION
    return BINARY if len(distinct) == 2 else MULTICLASS


def check_target(labels: list[str], problem: str) -> None:
    """Refuse a target that does not fit the problem type; raise BadTable."""
    distinct = Counter(labels)
    if problem == REGRESSION:
        bad = next((label for label in distinct if as_number(label) is None), None)
        if bad is not None:
            raise BadTable(
                f"The target has the value {bad!r}, and a regression needs numbers. Use another "
                "ProblemType, or leave the row out."
            )
    elif len(distinct) < 2:
        raise BadTable(f"The target has {len(distinct)} distinct value. Add rows with another one.")
    elif problem == BINARY and len(distinct) != 2:
        raise BadTable(
            f"The target has {len(distinct)} distinct values, and ProblemType "
            f"BinaryClassification needs 2. Use {MULTICLASS} or {REGRESSION}."
        )


def split(rows: list[Row], fraction: float, problem: str) -> tuple[list[Row], list[Row]]:
    """Return training and validation rows; each class keeps its share in both."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault("" if problem == REGRESSION else row[0], []).append(row)
    shuffle = random.Random(SEED).shuffle
    train: list[Row] = []
    validation: list[Row] = []
    for _, group in sorted(groups.items()):
        shuffle(group)
        held = round(len(group) * fraction)
        validation += group[:held]
        train += group[held:]
    shuffle(train)
    shuffle(validation)
    return train, validation


def analyze(given: argparse.Namespace) -> dict[str, object]:
    """Write the two data sets; return what the next steps need to know."""
    header, rows = read_tables(given.training)
    train = target_first(header, rows, given.target)
    if len(train) < LEAST_ROWS:
        raise BadTable(
            f"The training data have {len(train)} rows with a target. AutoML needs "
            f"{LEAST_ROWS}: add rows."
        )
    problem = given.problem_type or problem_type([row[0] for row in train])
    check_target([row[0] for row in train], problem)
    if given.validation:
        names, more = read_tables(given.validation)
        if names != header:
            raise BadTable(
                "The validation data have another header than the training data. Write the same "
                "columns in the same order."
            )
        validation = target_first(names, more, given.target)
    else:
        train, validation = split(train, given.fraction, problem)
    for name, part in (("train", train), ("validation", validation)):
        write_rows(given.output / name / "chunk_0.csv", part)
    classes = len({row[0] for row in train})
    return {"ProblemType": problem, "Classes": classes, "Rows": len(train) + len(validation)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--validation", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--message", type=Path, required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--problem-type")
    parser.add_argument("--fraction", type=float, default=0.2)
    given = parser.parse_args()
    try:
        given.message.write_text(json.dumps(analyze(given)))
    except BadTable as error:
        print(error, file=sys.stderr)
        given.message.write_text(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
