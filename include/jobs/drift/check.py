"""The verdict: which columns have moved, and whether that can be said at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .baseline import ALERT, WARN, Baseline, summarize_table
from .distance import allowance, robust
from .sketch import Column
from .tables import Cells

ENOUGH = 100  # rows below which a verdict would be a guess
SEVERITY = {"ALERT": 0, "WARN": 1, "OK": 2}


@dataclass(frozen=True)
class Verdict:
    """One column against its baseline."""

    name: str
    status: str
    distance: float
    threshold: float
    missing_share: float
    baseline: Column
    current: Column

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "status": self.status,
            "distance": round(self.distance, 6),
            "threshold": self.threshold,
            "missing_share": round(self.missing_share, 6),
        }


def outcome_of(rows: int, verdicts: list[Verdict]) -> str:
    """The worst column decides; without enough rows there is no verdict to give."""
    if rows == 0:
        return "NO_DATA"
    if rows < ENOUGH:
        return "INSUFFICIENT_DATA"
    statuses = [verdict.status for verdict in verdicts]
    return min(statuses, key=SEVERITY.__getitem__) if statuses else "OK"


def compare(baseline: Baseline, rows: list[Cells]) -> list[Verdict]:
    """Every column of the baseline against *rows*, the worst first."""
    current = summarize_table(list(baseline.columns), rows)
    verdicts = [_verdict(was, current[name]) for name, was in baseline.columns.items()]
    return sorted(verdicts, key=lambda v: (SEVERITY[v.status], -v.distance))


def _verdict(was: Column, now: Column) -> Verdict:
    distance = robust(was, now)
    status = "ALERT" if distance > ALERT else "WARN" if distance > WARN else "OK"
    threshold = WARN if status == "WARN" else ALERT
    total = now.present + now.missing
    missing = now.missing / total if total else 0.0
    return Verdict(was.name, status, distance, threshold, missing, was, now)


def detectable(rows: int, baseline_rows: int) -> float | None:
    """The smallest distance that this many rows could have shown as a warning."""
    return round(WARN + allowance(rows, baseline_rows), 4) if rows and baseline_rows else None


def violations(verdicts: list[Verdict]) -> dict[str, Any]:
    """Model Monitor's constraint_violations.json; its parsers match on this wording."""
    return {
        "violations": [
            {
                "feature_name": verdict.name,
                "constraint_check_type": "baseline_drift_check",
                "description": f"Baseline drift distance: {verdict.distance} "
                f"exceeds threshold: {verdict.threshold}",
            }
            for verdict in verdicts
            if verdict.status != "OK"
        ]
    }
