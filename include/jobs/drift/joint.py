"""The verdict on all columns together: drift that shows in no column alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from .classifier import Separation, separate
from .documents import Json
from .findings import ENOUGH, Status
from .row_features import MOST, Features, encode, judged_columns
from .samples import Sample
from .statistics import Profile

CHANCE = 3.75  # standard deviations of an AUC of rows that do not differ: 1.5 by cross-validation
POWER = 1.28  # standard deviations for which nine of ten windows with that AUC are found
EVEN = 0.5  # the AUC of rows that do not differ
NAMED = 5  # pairs of columns that a report names
JOINT = "all columns"  # the name of the verdict in the history

Array = np.ndarray


class Limits(NamedTuple):
    """The limits from which a window warns and alerts."""

    warn: float
    alert: float


LIMITS = Limits(0.03, 0.08)  # of an AUC, beyond 0.5 and what chance allows


class Pair(NamedTuple):
    """Two columns whose correlation has changed; a category is named with its value."""

    columns: tuple[str, str]
    was: float
    now: float
    points: tuple[Array, Array]  # of both samples, for a picture

    @property
    def name(self) -> str:
        return " with ".join(self.columns)


@dataclass
class Joint:
    """The verdict; a *reason* says why there was no comparison."""

    limits: Limits = LIMITS
    reason: str | None = None
    separation: Separation | None = None
    rows: int = 0
    columns: int = 0
    pairs: list[Pair] = field(default_factory=list)

    @property
    def distance(self) -> float:
        """Return the AUC beyond what rows that do not differ may have."""
        if self.separation is None:
            return 0.0
        return max(
            0.0,
            self.separation.auc - EVEN - allowance(self.separation.rows, self.separation.others),
        )

    @property
    def status(self) -> Status:
        if self.distance > self.limits.alert:
            return Status.ALERT
        return Status.WARN if self.distance > self.limits.warn else Status.OK

    @property
    def detectable(self) -> float | None:
        """Return the smallest AUC that these rows show in nine of ten windows."""
        if self.separation is None:
            return None
        chance = allowance(self.separation.rows, self.separation.others)
        return min(1.0, EVEN + self.limits.warn + chance * (1 + POWER / CHANCE))

    def to_json(self) -> Json:
        separation = self.separation
        return {
            "status": None if separation is None else self.status.name,
            "reason": self.reason,
            "auc": None if separation is None else round(separation.auc, 4),
            "distance": round(self.distance, 4),
            "warn_threshold": self.limits.warn,
            "alert_threshold": self.limits.alert,
            "detectable_auc": None if self.detectable is None else round(self.detectable, 4),
            "rows": self.rows,
            "independent_rows": None if separation is None else round(separation.rows),
            "baseline_rows": None if separation is None else separation.others,
            "columns": self.columns,
            "pairs": [
                {
                    "columns": list(pair.columns),
                    "baseline_correlation": round(pair.was, 4),
                    "correlation": round(pair.now, 4),
                }
                for pair in self.pairs
            ],
        }


def allowance(rows: float, others: int) -> float:
    """Return what chance adds to the AUC of rows that do not differ."""
    return CHANCE * math.sqrt((rows + others + 1) / (12 * rows * others))


def judge_joint(
    was: Sample | None, now: Sample, profiles: tuple[Profile, Profile], limits: Limits = LIMITS
) -> Joint:
    """Compare samples of rows; *profiles* are the baseline's and the window's columns."""
    joint = Joint(limits, rows=len(now))
    names = judged_columns(*profiles)
    joint.reason = _obstacle(was, now, names)
    if was is None or joint.reason:
        return joint
    features = encode(was, now, profiles[0], names)
    joint.columns = min(len(names), MOST)
    if len(features.names) < 2:
        joint.reason = "Fewer than two columns have values that can be compared."
        return joint
    separation = separate(features)
    if separation.rows < ENOUGH:
        joint.reason = (
            f"Its {len(now)} rows repeat each other and say as much as {separation.rows:.0f}: too "
            f"few to judge all columns together, which takes {ENOUGH}."
        )
        return joint
    joint.separation = separation
    joint.pairs = _pairs(features, separation.terms) if joint.status else []
    return joint


def _obstacle(was: Sample | None, now: Sample, names: Sequence[str]) -> str | None:
    if was is None:
        return "The baseline has no sample of rows: make it again to judge all columns together."
    if min(len(now), len(was)) < ENOUGH:
        few = "window" if len(now) < ENOUGH else "baseline"
        return f"The {few} has {min(len(now), len(was))} rows, fewer than {ENOUGH}."
    if len(names) < 2:
        return "Fewer than two columns have values that can be compared."
    return None


def _pairs(features: Features, terms: Sequence[tuple[int | None, int]]) -> list[Pair]:
    """Return the pairs of different columns that say most, with their correlations."""
    pairs: dict[frozenset[str], Pair] = {}
    for first, second in terms:
        if first is None or features.names[first][0] == features.names[second][0]:
            continue
        chosen = [first, second]
        names = tuple(_label(*features.names[place]) for place in chosen)
        columns = frozenset(features.names[place][0] for place in chosen)
        points = features.was[:, chosen], features.now[:, chosen]
        was, now = (_correlation(rows) for rows in points)
        pairs.setdefault(columns, Pair((names[0], names[1]), was, now, points))
    return list(pairs.values())[:NAMED]


def _label(column: str, value: str | None) -> str:
    return column if value is None else f"{column}={value}"


def _correlation(rows: Array) -> float:
    if not rows.std(axis=0).all():
        return 0.0
    return float(np.corrcoef(rows.T)[0, 1])


def pairs_named(joint: Joint) -> list[str]:
    """Return what an alert names: the pairs, or all columns where no pair stands out."""
    if joint.status != Status.ALERT:
        return []
    return [pair.name for pair in joint.pairs] or [JOINT]
