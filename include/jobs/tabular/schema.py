"""The columns of a data set, and how a raw row becomes the numbers that a model sees.

Pure Python: the same lines run in the Processing job, in tasks, and in the endpoint's callers.
The encoded columns are fixed by the schema: every model of a pipeline takes the same rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Medians = Mapping[str, float]
FLAGS = ("no", "yes")  # the values of a flag, in the order of the numbers that they become
STATED = ("numbers", "flags", "categories", "labels")  # the members that a contract states
SHOWN = 6  # values of a vocabulary that a message names


class SchemaError(ValueError):
    """Raised for a schema that contradicts itself."""


@dataclass(frozen=True)
class Schema:
    """
    The meaning of a CSV file's columns, by its header; other columns are ignored.

    :param key: The column that identifies a row; it is kept with predictions and never learned.
    :param label: The column to predict.
    :param labels: The label's values and the class that each stands for, from 0 on. None: the
        label is a number, and the model a regression.
    :param numbers: Columns with numbers; an empty cell becomes the median of the training rows.
    :param flags: Columns that say yes or no.
    :param categories: Columns with a fixed vocabulary, one-hot encoded.
    :param personal: Those of the columns above that hold personal data: their values are learned
        from, and appear in no message, log, report or baseline.
    """

    key: str
    label: str
    labels: Mapping[str, int] | None = None
    numbers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    personal: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        named = self.raw_columns
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise SchemaError(f"Column {twice[0]!r} is in the schema twice. Take one of them out.")
        if strangers := [name for name in self.personal if name not in named]:
            raise SchemaError(
                f"Column {strangers[0]!r} is marked personal, and is not in the schema. Correct "
                "its name; columns that the schema lacks are never read."
            )
        if len(named) < 3:
            raise SchemaError("The schema has no column to learn from. Add numbers or categories.")
        if self.labels is not None and sorted(self.labels.values()) != [*range(len(self.labels))]:
            raise SchemaError(
                f"labels is {dict(self.labels)}. Number the classes 0, 1, ... without a gap."
            )

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Schema:
        """Return the schema of a document that :attr:`document` has made."""
        classes, categories = document["labels"], document["categories"]
        return cls(
            key=document["key"],
            label=document["label"],
            labels=None if classes is None else dict(classes),
            numbers=tuple(document["numbers"]),
            flags=tuple(document["flags"]),
            categories={name: tuple(values) for name, values in categories},
            personal=tuple(document["personal"]),
        )

    @property
    def document(self) -> dict[str, Any]:
        """Return the schema as JSON, in which lists of pairs keep the order of mappings."""
        return {
            "key": self.key,
            "label": self.label,
            "labels": None if self.labels is None else [*map(list, self.labels.items())],
            "numbers": [*self.numbers],
            "flags": [*self.flags],
            "categories": [[name, [*values]] for name, values in self.categories.items()],
            "personal": [*self.personal],
        }

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the columns of a record that a model answers, in the order of its values."""
        return (*self.numbers, *self.flags, *self.categories)

    @cached_property
    def contract(self) -> str:
        """Return the digest of what a model takes and answers: inputs, vocabularies, classes."""
        return _digest({name: self.document[name] for name in STATED})

    @cached_property
    def digest(self) -> str:
        """Return the digest of the whole schema."""
        return _digest(self.document)

    @property
    def raw_columns(self) -> tuple[str, ...]:
        return (self.key, *self.categories, *self.flags, *self.numbers, self.label)

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Return the encoded columns, in order."""
        one_hot = (f"{name}_{v}" for name, values in self.categories.items() for v in values)
        return (*self.numbers, *self.flags, *one_hot)

    def shown(self, column: str, value: str) -> str:
        """Return a value as a message may quote it."""
        return "a hidden value" if column in self.personal else repr(value)

    def vocabulary(self, column: str) -> tuple[str, ...]:
        """Return the values that a flag, a category or a label of classes may have."""
        if column == self.label:
            return tuple(self.labels or ())
        return FLAGS if column in self.flags else self.categories[column]

    def allowed(self, column: str) -> str:
        """Return the first values of a vocabulary, as a message names them."""
        values = self.vocabulary(column)
        return ", ".join(values[:SHOWN]) + (", ..." if len(values) > SHOWN else "")


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]
