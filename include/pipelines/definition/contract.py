"""Say what a model takes and answers: the columns of a record, their values, and the classes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.jobs.tabular.schema import FLAGS

NUMBER, FLAG, CATEGORY = "a number", "a flag", "a category"


@dataclass(frozen=True)
class Contract:
    """
    The input and the answers of a model.

    :param digest: Equal for equal contracts.
    :param kinds: The kind of each column of a record, in order.
    :param values: The vocabulary of each category.
    :param classes: The label's values and the class that each stands for; None of a regression.
    """

    digest: str
    kinds: Mapping[str, str]
    values: Mapping[str, Sequence[str]]
    classes: Mapping[str, int] | None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Contract:
        """Return the contract of a contract.json."""
        values = {name: tuple(known) for name, known in document["categories"]}
        kinds = dict.fromkeys(document["numbers"], NUMBER) | dict.fromkeys(document["flags"], FLAG)
        labels = document["labels"]
        return cls(
            document["contract"],
            kinds | dict.fromkeys(values, CATEGORY),
            values,
            None if labels is None else dict(labels),
        )

    def described(self) -> dict[str, dict[str, Any]]:
        """Return each column's kind and known values, as JSON schema's annotations."""
        flags = {name: FLAGS for name, kind in self.kinds.items() if kind == FLAG}
        known: dict[str, Sequence[str]] = {**flags, **self.values}
        return {
            name: {"description": kind} | ({"examples": [*known[name]]} if name in known else {})
            for name, kind in self.kinds.items()
        }

    def record(self) -> str:
        """Return one record, as JSON, for a test request to a model of this contract."""
        plain: dict[str, object] = {NUMBER: 10, FLAG: "no"}
        cells = {name: plain.get(kind) for name, kind in self.kinds.items()}
        return json.dumps(cells | {name: known[0] for name, known in self.values.items()})
