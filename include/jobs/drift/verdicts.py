"""Judge each column: its distance from the baseline, its quality and its rates."""

from __future__ import annotations

from dataclasses import dataclass, field

from .column_quality import quality
from .columns import Column
from .constraints import Constraints, Expected
from .distance import detectable, in_sigmas
from .documents import Json
from .findings import DRIFT, QUALITY, Finding, Status
from .rates import rates, zeros
from .statistics import Profile
from .violations import measured

FIRM = 2.0  # an alert's threshold, in thresholds of a warning


@dataclass
class Verdict:
    """One column against its baseline."""

    name: str
    was: Column | None
    now: Column | None
    distance: float = 0.0
    warn: float = 0.0
    alert: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def status(self) -> Status:
        return max((finding.status for finding in self.findings), default=Status.OK)

    @property
    def threshold(self) -> float:
        """Return the threshold of the distance."""
        return self.alert if self.distance > self.alert else self.warn

    def worst(self, kind: str) -> Status:
        statuses = (finding.status for finding in self.findings if finding.kind == kind)
        return max(statuses, default=Status.OK)

    def to_json(self) -> Json:
        was, now = self.was or Column(self.name), self.now or Column(self.name)
        gap = detectable(self.warn, now.present, was.present)
        return {
            "name": self.name,
            "type": was.kind if was.present else now.kind,
            "status": self.status.name,
            "distance": round(self.distance, 6),
            "threshold": self.threshold,
            "warn_threshold": self.warn,
            "alert_threshold": self.alert,
            "detectable_distance": _rounded(gap),
            "detectable_sigma": _rounded(in_sigmas(gap)) if was.numeric else None,
            "shift": shift(was, now),
            "missing_share": round(now.missing_share, 6),
            "baseline_missing_share": round(was.missing_share, 6),
            "zero_share": _rounded(zeros(now)) if now.numeric else None,
            "baseline_zero_share": _rounded(zeros(was)) if was.numeric else None,
            "findings": [
                {"check": f.check, "kind": f.kind, "status": f.status.name, "message": f.message}
                for f in self.findings
            ],
        }


def compare(was: Profile, now: Profile, constraints: Constraints) -> list[Verdict]:
    """Return the verdict on every column of the baseline, and on every new one; the worst first.

    Personal columns have no verdict.
    """
    verdicts = [
        _verdict(was.columns.get(name), now.columns.get(name), expected)
        for name, expected in constraints.columns.items()
        if name not in was.personal
    ]
    extra = [name for name in now.columns if name not in constraints.columns]
    verdicts += [_extra(now.columns[name]) for name in extra]
    return sorted(verdicts, key=lambda v: (-v.status, -v.distance))


def _extra(column: Column) -> Verdict:
    message = f"{column.name} is not in the baseline."
    finding = Finding("extra_column", QUALITY, Status.WARN, message)
    return Verdict(column.name, None, column, findings=[finding])


def _verdict(was: Column | None, now: Column | None, expected: Expected) -> Verdict:
    rules = expected.rules
    verdict = Verdict(expected.name, was, now, 0.0, rules.threshold, FIRM * rules.threshold)
    if now is None:
        message = f"{expected.name} is missing from the data."
        verdict.findings.append(Finding("missing_column", QUALITY, Status.ALERT, message))
    elif rules.evaluate:
        verdict.findings += quality(was, now, expected)
        if was and rules.compare:
            _measure(verdict, was, now, expected)
    return verdict


def _measure(verdict: Verdict, was: Column, now: Column, expected: Expected) -> None:
    gap, warn = measured(was, now, expected)
    firm = 1.0 - (1.0 - warn) / FIRM if _is_p(was, expected) else FIRM * warn
    verdict.distance, verdict.warn, verdict.alert = gap, warn, firm
    status = Status.ALERT if gap > firm else Status.WARN if gap > warn else Status.OK
    if status:
        message = f"{was.name} has moved by {gap:.3f} (threshold {verdict.threshold:g})."
        verdict.findings.append(Finding("distance", DRIFT, status, message))
    verdict.findings += rates(was, now)


def _is_p(was: Column, expected: Expected) -> bool:
    rules = expected.rules
    chosen = (rules.method, rules.categorical_method)
    return not was.numeric and chosen == ("Robust", "ChiSquared")


def shift(was: Column, now: Column) -> Json | None:
    """Return the shift of the mean in standard deviations, or the category that moved most."""
    if not (was.present and now.present and was.numeric == now.numeric):
        return None
    if was.numeric:
        change = now.numbers.mean - was.numbers.mean
        return {"sigma": round(change / was.numbers.std, 4) if was.numbers.std else None}
    values = was.texts.counts.keys() | now.texts.counts.keys()
    changes = {v: now.texts.share(v) - was.texts.share(v) for v in values}
    value = max(changes, key=lambda v: (abs(changes[v]), v))
    return {"value": value, "points": round(100 * changes[value], 2)}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
