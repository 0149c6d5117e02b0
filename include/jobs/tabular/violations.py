"""Collect the rules that raw data break: all of them counted, some of each shown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SHOWN = 20  # violations of a rule that are shown
MESSAGE = 1024  # bytes of a job's exit message


@dataclass(frozen=True)
class Violation:
    """One cell, row or file that breaks a rule, with the remedy in its sentence.

    *row* is the number of the record in its file, in a CSV file with the header as the first.
    """

    rule: str
    uri: str
    sentence: str
    column: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        row = f", row {self.row}" if self.row else ""
        return f"{self.uri}{column}{row}: {self.sentence}"


@dataclass
class Violations:
    """The number of violations of each rule, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    shown: dict[str, list[Violation]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.counts)

    def add(self, violation: Violation, count: int = 1) -> None:
        """Add a violation that stands for *count* of its rule."""
        self.counts[violation.rule] += count
        if self.room(violation.rule):
            self.shown.setdefault(violation.rule, []).append(violation)

    def room(self, rule: str) -> int:
        """Return how many more violations of a rule will be shown."""
        return SHOWN - len(self.shown.get(rule, ()))

    def merge(self, other: Violations) -> None:
        self.counts.update(other.counts)
        for rule, violations in other.shown.items():
            self.shown.setdefault(rule, []).extend(violations[: self.room(rule)])

    def to_json(self) -> dict[str, Any]:
        return {
            "count": self.counts.total(),
            "rules": dict(self.counts),
            "violations": [asdict(one) for rule in self.shown.values() for one in rule],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Violations:
        violations = cls(Counter(document["rules"]))
        for one in document["violations"]:
            violations.shown.setdefault(one["rule"], []).append(Violation(**one))
        return violations

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.to_json(), indent=1) + "\n")

    def lines(self) -> list[str]:
        """Return each rule with its count, and below it the violations that are shown."""
        return [
            line
            for rule, shown in self.shown.items()
            for line in (f"{rule}: {self.counts[rule]}", *(f"  {one}" for one in shown))
        ]

    def message(self) -> str:
        """Return counts by rule and the first violation of each, as the exit message of a job."""
        counts = ", ".join(f"{rule} {count}" for rule, count in self.counts.items())
        total = self.counts.total()
        head = f"{total} violation{'s' if total > 1 else ''} in the raw data ({counts})."
        firsts = [str(shown[0]) for shown in self.shown.values()]
        text = "\n".join([head, *firsts])
        return text.encode()[:MESSAGE].decode(errors="ignore")
