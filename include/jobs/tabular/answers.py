"""Serve a model's answers: numbers of CSV in; classes, probabilities and the version out.

The handlers of the scikit-learn image for `preprocessing.json`, as the last container of an
inference pipeline. Of several lines the last is a repetition (see :mod:`.features`), and no answer.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import isfinite
from pathlib import Path
from typing import Any

from .features import DOCUMENT
from .records import CSV, JSON, LINES
from .responses import Refusal
from .schema import Schema

EVEN = "0.5"
QUOTED_LIST = '"['  # begins a cell of CSV that is a list
THRESHOLD, VERSION = "PRODML_THRESHOLD", "PRODML_MODEL_VERSION"


class NoAnswer(ValueError):
    """Raised for what no model of the schema can mean."""


class Answers:
    """The meaning of a model's numbers: its classes, its threshold and its version."""

    def __init__(self, schema: Schema, variables: Mapping[str, str]) -> None:
        labels = schema.labels or {}
        self._classes = sorted(labels, key=labels.__getitem__)  # none of a regression
        self._threshold = float(variables.get(THRESHOLD, EVEN))
        self._version = variables.get(VERSION)

    def objects(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        """Return the answers as JSON objects."""
        return [{**self._said(_numbers(line)), "version": self._version} for line in lines]

    def texts(self, lines: Sequence[str]) -> list[str]:
        """Return the answers as one value each: a probability, the name of a class or a number."""
        return [self._text(self._said(_numbers(line))) for line in lines]

    def _said(self, numbers: Sequence[float]) -> dict[str, Any]:
        if not self._classes:
            return {"prediction": numbers[0]}
        if len(self._classes) == 2:
            return self._binary(numbers)
        if len(numbers) == 1:
            return {"label": self._named(numbers[0])}
        if len(numbers) != len(self._classes):
            raise NoAnswer(f"{len(numbers)} values for {len(self._classes)} classes")
        chances = dict(zip(self._classes, map(_chance, numbers), strict=True))
        label = max(chances, key=chances.__getitem__)
        return {"label": label, "probability": chances[label], "probabilities": chances}

    def _binary(self, numbers: Sequence[float]) -> dict[str, Any]:
        chance = _chance(numbers[-1])
        label = self._classes[int(chance >= self._threshold)]
        return {"label": label, "probability": chance}

    def _named(self, number: float) -> str:
        if not number.is_integer() or not 0 <= number < len(self._classes):
            raise NoAnswer(f"{number} is not a class of 0 to {len(self._classes) - 1}")
        return self._classes[int(number)]

    def _text(self, answer: Mapping[str, Any]) -> str:
        if not self._classes:
            return str(answer["prediction"])
        return str(answer["probability"] if len(self._classes) == 2 else answer["label"])


def model_fn(model_dir: str) -> Answers:
    document = json.loads((Path(model_dir) / DOCUMENT).read_text(encoding="utf-8"))
    return Answers(Schema.of(document["schema"]), os.environ)


def transform_fn(
    model: Answers, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Refusal:
    """Return the answers in the form that is accepted; JSON, if any form is."""
    kind = _kind(accept)
    if kind is None:
        return Refusal(
            HTTPStatus.NOT_ACCEPTABLE,
            f"Accept {accept!r} is not supported. Use {JSON}, {LINES[0]} or {CSV}.",
        )
    text = body if isinstance(body, str) else bytes(body).decode()
    lines = [line for line in text.splitlines() if line.strip()]
    alone = len(lines) == 1
    try:
        return _written(model, lines if alone else lines[:-1], alone, kind), kind
    except (NoAnswer, ValueError) as error:
        return Refusal(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            f"The model's answer cannot be read: {error}. Check the output_fn of its script.",
        )


def _kind(accept: str | None) -> str | None:
    """Return the first supported type of an Accept header."""
    for wanted in (accept or JSON).split(","):
        kind = wanted.partition(";")[0].strip().lower()
        if kind in ("*/*", "application/*", ""):
            return JSON
        if kind in (CSV, JSON, *LINES):
            return kind
    return None


def _written(model: Answers, lines: Sequence[str], alone: bool, kind: str) -> str:
    if kind == CSV:
        return "".join(f"{text}\n" for text in model.texts(lines))
    objects = model.objects(lines)
    if kind == JSON:
        return json.dumps(objects[0] if alone else objects)
    return "".join(f"{json.dumps(one)}\n" for one in objects)


def _numbers(line: str) -> list[float]:
    if line.startswith(QUOTED_LIST):
        values = _in_order(line)
    else:
        values = [float(cell) for cell in line.strip("[] ").split(",")]
    if not all(map(isfinite, values)):
        raise NoAnswer(f"{line[:60]} is not finite")
    return values


def _in_order(line: str) -> list[float]:
    """Return probabilities in the order of the classes, whose numbers an AutoML model appends."""
    try:
        chances, labels = (json.loads(cell.replace("'", '"')) for cell in next(csv.reader([line])))
        by_number = dict(zip(map(float, labels), map(float, chances), strict=True))
        return [by_number[number] for number in range(len(labels))]
    except (csv.Error, KeyError, TypeError) as error:
        raise NoAnswer(f"{line[:60]} has no probability for each class") from error


def _chance(value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise NoAnswer(f"{value} is not a probability")
    return value
