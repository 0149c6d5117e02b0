"""Watch how often a script sees each class, as its hook reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from prodml.debugger.observations import Observation, Source
from prodml.debugger.rule import Rule, Verdict


@dataclass(frozen=True)
class ClassImbalance(Rule):
    """
    Find a class that is rare in the training data.

    :param ratio: The most rows of the largest class for one row of the smallest.
    :param min_rows: Rows to see before the classes are compared.
    :param classes: How many classes there are; with it, a class that never comes is found too.
    """

    source: ClassVar[Source] = Source.LABELS
    advice: ClassVar[str] = (
        "Weight the classes (`scale_pos_weight`, `class_weight`, a weighted loss), sample the rare "
        "class more often, or collect more of its rows. Select by a metric that counts it, such "
        "as recall or the area under the precision-recall curve."
    )

    ratio: float = 20.0
    min_rows: int = 1000
    classes: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("ratio", 1)
        self._check_count("min_rows")
        if self.classes is not None:
            self._check_count("classes", 2)

    def start(self) -> _Counts:
        return _Counts(self)


class _Counts:
    def __init__(self, rule: ClassImbalance) -> None:
        self._rule = rule

    def see(self, observation: Observation) -> Verdict | None:
        rows = observation.values
        if (total := sum(rows.values())) < self._rule.min_rows:
            return None
        largest, rare = max(rows.values()), min(rows, key=lambda name: rows[name])
        if self._rule.classes is not None and len(rows) < self._rule.classes:
            text = f"{len(rows)} of {self._rule.classes} classes are in {total:.0f} rows."
            return Verdict(rare, rows[rare], text)
        if len(rows) < 2 or largest <= self._rule.ratio * rows[rare]:
            return None
        share = rows[rare] / total
        text = (
            f"Class {rare} has {rows[rare]:.0f} of {total:.0f} rows ({share:.2%}); the largest "
            f"class has {largest / max(rows[rare], 1):.0f} times as many."
        )
        return Verdict(rare, rows[rare], text)
