"""Write Model Monitor's constraint_violations.json: its six checks, in its parsers' words."""

from __future__ import annotations

from collections.abc import Iterator

from .columns import STRING, UNKNOWN, Column
from .constraints import Constraints, Expected
from .distance import distance
from .documents import Json
from .statistics import Profile


def violations(was: Profile, now: Profile, constraints: Constraints) -> Json:
    """Return every violated constraint, by Model Monitor's documented triggers."""
    violated = [v for v in _schema(now, constraints) if v["feature_name"] not in was.personal]
    for name, expected in constraints.columns.items():
        if name in now.columns and name not in was.personal and expected.rules.evaluate:
            violated += _column(was.columns.get(name), now.columns[name], expected)
    return {"violations": violated}


def _schema(now: Profile, constraints: Constraints) -> Iterator[Json]:
    counts = (
        f"Number of columns in current dataset: {len(now.columns)}, "
        f"Number of columns in baseline constraints: {len(constraints.columns)}"
    )
    for name in (n for n in constraints.columns if n not in now.columns):
        text = f"There are missing columns in current dataset. {counts}"
        yield _violation(name, "missing_column_check", text)
    for name in (n for n in now.columns if n not in constraints.columns):
        text = f"There are extra columns in current dataset. {counts}"
        yield _violation(name, "extra_column_check", text)


def _column(was: Column | None, now: Column, expected: Expected) -> Iterator[Json]:
    yield from _completeness(now, expected)
    yield from _data_type(now, expected)
    yield from _categories(now, expected)
    if was and expected.rules.compare:
        yield from _drift(was, now, expected)


def _completeness(now: Column, expected: Expected) -> Iterator[Json]:
    share = 1.0 - now.missing_share
    if share < expected.completeness:
        text = (
            f"Value: {share} does not meet the constraint requirement! Expected completeness: "
            f"{expected.completeness}."
        )
        yield _violation(now.name, "completeness_check", text)


def _data_type(now: Column, expected: Expected) -> Iterator[Json]:
    share = now.share_of(expected.kind)
    threshold = expected.rules.datatype_threshold
    if expected.kind != UNKNOWN and share < threshold:
        text = (
            f"Data type match requirement is not met. Expected data type: {expected.kind}, "
            f"Expected match: {threshold * 100}%. Observed: Only {share * 100}% of data is "
            f"{expected.kind}."
        )
        yield _violation(now.name, "data_type_check", text)


def _categories(now: Column, expected: Expected) -> Iterator[Json]:
    if expected.domain is None or now.kind != STRING:
        return
    known = 1.0 - unknown_share(now, expected.domain)
    if known < expected.rules.domain_threshold:
        text = (
            f"Value: {known} does not meet the constraint requirement! Expected share of known "
            f"values: {expected.rules.domain_threshold}."
        )
        yield _violation(now.name, "categorical_values_check", text)


def unknown_share(now: Column, domain: frozenset[str]) -> float:
    """Return the share of the filled cells with a value outside the domain."""
    if not now.present:
        return 0.0
    return 1.0 - sum(now.texts.counts[value] for value in domain) / now.present


def _drift(was: Column, now: Column, expected: Expected) -> Iterator[Json]:
    gap, threshold = measured(was, now, expected)
    if gap > threshold:
        text = f"Baseline drift distance: {gap} exceeds threshold: {threshold}"
        yield _violation(now.name, "baseline_drift_check", text)


def measured(was: Column, now: Column, expected: Expected) -> tuple[float, float]:
    """Return a column's distance by its own rules, and its threshold."""
    rules = expected.rules
    gap = distance(was, now, rules.method, rules.categorical_method)
    if was.numeric:
        return gap, rules.threshold
    if (rules.method, rules.categorical_method) == ("Robust", "ChiSquared"):
        return gap, 1.0 - rules.categorical_threshold  # both are one less a p-value
    return gap, rules.categorical_threshold


def _violation(name: str, check: str, description: str) -> Json:
    return {"feature_name": name, "constraint_check_type": check, "description": description}
