"""Read the answers of transform jobs, and the labels that belong to them, file by file.

An answer is a JSON object (`{"label", "probability"}`, `{"label", "probabilities"}` or
`{"prediction"}`), or a line of text: the probability of the positive class, the name of a class, or
the prediction. A label is a number: that of a class, or of a regression.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from .scores import BINARY, MULTICLASS, problem_of

Array = Any  # numpy.ndarray: its stubs differ between the versions of images
CHUNK = 1 << 16  # lines
HALF = 0.5


class UnusableAnswers(ValueError):
    """Raised for answers that cannot be evaluated; says what to do."""


@dataclass(frozen=True)
class Answers:
    """
    A model's answers by row.

    :param values: Probabilities of the positive class, numbers of classes, or numbers.
    :param decided: The classes that it decides for; of a regression, the values.
    :param chances: The probability of each class, by row, if a multiclass model states them.
    """

    values: Array
    decided: Array
    chances: Array | None = None

    def take(self, rows: Array) -> Answers:
        """Return the answers for some rows."""
        chances = None if self.chances is None else self.chances[rows]
        return Answers(self.values[rows], self.decided[rows], chances)

    def cut_at(self, threshold: float) -> Answers:
        """Return probabilities with the decisions of another threshold."""
        return replace(self, decided=(self.values >= threshold).astype(int))


def read_labels(folder: Path, classes: Sequence[str]) -> list[Array]:
    """Return the labels of each file below *folder*, in the order of their names."""
    kind = int if classes else float
    return [np.fromiter(map(float, _lines(path)), float).astype(kind) for path in files(folder)]


def read_answers(folder: Path, labels: Sequence[Array], classes: Sequence[str]) -> Answers:
    """Return the answers below *folder*, of which each file has a file of labels."""
    paths = files(folder)
    if len(paths) != len(labels):
        raise UnusableAnswers(
            f"The {folder.name} answered {len(paths)} files, and {len(labels)} files have labels. "
            "Run the transform job again, with an empty output prefix."
        )
    pairs = zip(paths, labels, strict=True)
    parts = [part for path, truth in pairs for part in _complete(path, len(truth), classes)]
    values = np.concatenate([part[0] for part in parts])
    stated = [part[1] for part in parts if part[1] is not None]
    chances = np.concatenate(stated) if len(stated) == len(parts) else None
    _refuse_invalid(folder, values, classes)
    answers = Answers(values, values, chances)
    return answers.cut_at(HALF) if problem_of(classes) == BINARY else answers


def files(folder: Path) -> list[Path]:
    """Return the files below *folder* in the order of their names; refuse an empty folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if not paths:
        raise UnusableAnswers(f"Input {folder.name!r} holds no file. Check the job's inputs.")
    return paths


def _complete(path: Path, rows: int, classes: Sequence[str]) -> list[tuple[Array, Array | None]]:
    """Return the chunks of a file; refuse a file that has lost or gained rows."""
    parts = list(_chunks(path, classes))
    if (answered := sum(len(part[0]) for part in parts)) != rows:
        raise UnusableAnswers(
            f"{path.parent.name}/{path.name} has {answered} answers for {rows} rows: the transform "
            "job lost or made rows. Fix the model's script."
        )
    return parts


def _chunks(path: Path, classes: Sequence[str]) -> Iterator[tuple[Array, Array | None]]:
    lines = _lines(path)
    while chunk := list(islice(lines, CHUNK)):
        try:
            yield _parsed(chunk, classes)
        except (ValueError, KeyError, TypeError) as error:
            raise UnusableAnswers(
                f"{path.parent.name}/{path.name} has an answer that is not one of a "
                f"{problem_of(classes)} model ({type(error).__name__}: {error}). Fix the model's "
                "script."
            ) from None


def _parsed(lines: Sequence[str], classes: Sequence[str]) -> tuple[Array, Array | None]:
    is_named = problem_of(classes) == MULTICLASS
    number = {name: place for place, name in enumerate(classes)}
    if not lines[0].startswith("{"):
        return np.array([number[line] if is_named else float(line) for line in lines]), None
    answers = [json.loads(line) for line in lines]
    if not is_named:
        name = "probability" if classes else "prediction"
        return np.array([float(answer[name]) for answer in answers]), None
    decided = np.array([number[answer["label"]] for answer in answers])
    if "probabilities" not in answers[0]:
        return decided, None
    stated = [answer["probabilities"] for answer in answers]
    return decided, np.array([[float(one[name]) for name in classes] for one in stated])


def _refuse_invalid(folder: Path, values: Array, classes: Sequence[str]) -> None:
    problem = problem_of(classes)
    valid = (values >= 0) & (values <= 1) if problem == BINARY else np.isfinite(values)
    if not valid.all():
        row = int(np.argmin(valid))
        raise UnusableAnswers(
            f"{values[row]} is not a prediction of a {problem} model (row {row + 1} of the "
            f"{folder.name}'s answers). Fix the model's script."
        )


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in map(str.strip, file) if line)
