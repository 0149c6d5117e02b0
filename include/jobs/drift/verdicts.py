"""The verdict on each column: which have moved, which are broken, and what could be seen at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from .columns import INTEGRAL, STRING, UNKNOWN, Column
from .constraints import Constraints, Expected
from .distance import beyond_chance, detectable, in_sigmas
from .documents import Json
from .statistics import Profile
from .texts import mixed, undecided, unread
from .violations import measured, unknown_share

ENOUGH = 100  # rows below which a verdict would be a guess
SIGMAS = 4.0  # a rate has changed only beyond this; by chance it happens once in 16,000 checks
POINTS = (0.01, 0.05)  # change of a rate that warns, and that alerts
TIMES = 2.0  # a rare rate has changed when it is at least this much more, or less
FIRM = 2.0  # an alert's threshold, in thresholds of a warning
DRIFT, QUALITY = "drift", "data_quality"


class Status(IntEnum):
    """From good to bad."""

    OK = 0
    WARN = 1
    ALERT = 2


@dataclass(frozen=True)
class Finding:
    """One thing about a column that is not as it was."""

    check: str
    kind: str  # drift or data_quality
    status: Status
    message: str


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
            "zero_share": _rounded(_zeros(now)) if now.numeric else None,
            "baseline_zero_share": _rounded(_zeros(was)) if was.numeric else None,
            "findings": [
                {"check": f.check, "kind": f.kind, "status": f.status.name, "message": f.message}
                for f in self.findings
            ],
        }


def compare(was: Profile, now: Profile, constraints: Constraints) -> list[Verdict]:
    """Every column of the baseline against *now*, and every new one; the worst first.

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
        verdict.findings += _quality(was, now, expected)
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
    verdict.findings += _rates(was, now)


def _is_p(was: Column, expected: Expected) -> bool:
    rules = expected.rules
    chosen = (rules.method, rules.categorical_method)
    return not was.numeric and chosen == ("Robust", "ChiSquared")


def _quality(was: Column | None, now: Column, expected: Expected) -> Iterator[Finding]:
    if was:
        yield from _nulls(was, now)
    wrong = 1.0 - now.share_of(expected.kind)
    if expected.kind not in (UNKNOWN, STRING) and wrong > 1.0 - expected.rules.datatype_threshold:
        # A fraction where integers were is worth a warning; text where numbers were is a fault.
        text = now.texts.rows / now.present
        firm = text > POINTS[0] or expected.kind != INTEGRAL
        status = Status.ALERT if firm else Status.WARN
        message = f"{wrong:.1%} of {now.name} is not {expected.kind}."
        if mix := mixed(now):
            message = f"{1.0 - mix[0]:.1%} of {now.name} is no number, such as {mix[1]!r}."
        yield Finding("data_type", QUALITY, status, message)
    else:
        yield from _misread(was, now)
    if expected.domain is not None and now.kind == STRING:
        yield from _new_values(now, expected.domain)


def _nulls(was: Column, now: Column) -> Iterator[Finding]:
    change = now.missing_share - was.missing_share
    surprise = beyond_chance(now.missing, now.rows, was.missing, was.rows) if was.rows else 0.0
    if change >= POINTS[0] and surprise > SIGMAS:
        status = Status.ALERT if change >= POINTS[1] else Status.WARN
        message = f"{now.missing_share:.1%} of {now.name} is missing, not {was.missing_share:.1%}."
        yield Finding("null_share", QUALITY, status, message)


def _misread(was: Column | None, now: Column) -> Iterator[Finding]:
    """Numbers that are judged as text since some, or all, are not written as numbers."""
    if mix := mixed(now):
        share, stray = mix
        message = (
            f"{now.name} is judged as text: {share:.1%} of it is numbers, whose shift cannot be "
            f"seen, and the rest is not, such as {stray!r}. Leave cells empty where none is known."
        )
        yield Finding("mixed_types", QUALITY, Status.WARN, message)
    elif example := unread(now):
        message = (
            f"{now.name} is judged as text, and looks like numbers: {example!r}. Write them as "
            "numbers: their shift cannot be seen."
        )
        yield Finding("unread_numbers", QUALITY, Status.WARN, message)
    elif was and (example := undecided(was, now)):
        message = (
            f"{now.name} is judged as text, and no value of it is frequent, such as {example!r}: "
            "its shift cannot be seen. Write it as numbers, or set its evaluate_constraints to "
            "Disabled in constraints.json."
        )
        yield Finding("undecided_texts", QUALITY, Status.WARN, message)


def _new_values(now: Column, domain: frozenset[str]) -> Iterator[Finding]:
    share = unknown_share(now, domain)
    if share >= POINTS[0]:
        status = Status.ALERT if share >= POINTS[1] else Status.WARN
        news = [value for value, _ in now.texts.counts.most_common() if value not in domain][:3]
        message = f"{share:.1%} of {now.name} has values that the baseline has not: {news}."
        yield Finding("new_category", QUALITY, status, message)


def _rates(was: Column, now: Column) -> Iterator[Finding]:
    """Rates that no distance sees: a flag that goes from 1 % to 3 % moves by 0.02 only."""
    if not (was.present and now.present and was.numeric == now.numeric):
        return
    if was.numeric:
        yield from _rate("zero_share", f"zeros in {now.name}", _zeros(was), _zeros(now), was, now)
        return
    for value in was.texts.counts.keys() & now.texts.counts.keys():
        shares = was.texts.share(value), now.texts.share(value)
        yield from _rate("rate", f"{value!r} in {now.name}", *shares, was, now)


def _rate(
    check: str, what: str, before: float, after: float, was: Column, now: Column
) -> Iterator[Finding]:
    rarer = (before, after) if before <= 0.5 else (1 - before, 1 - after)
    low, high = sorted(rarer)
    if high - low < POINTS[0] or high < TIMES * low:
        return
    counts = round(after * now.present), now.present, round(before * was.present), was.present
    if abs(beyond_chance(*counts)) > SIGMAS:
        status = Status.ALERT if high - low >= POINTS[1] else Status.WARN
        yield Finding(
            check, DRIFT, status, f"The share of {what} is {after:.1%}, not {before:.1%}."
        )


def _zeros(column: Column) -> float:
    zero, sketch = np.array([0.0]), column.numbers.sketch
    return float((sketch.cdf(zero) - sketch.cdf(zero, inclusive=False))[0])


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
