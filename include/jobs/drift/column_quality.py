"""Check the data quality of a column: missing values, types, new categories."""

from __future__ import annotations

from collections.abc import Iterator

from .columns import INTEGRAL, STRING, UNKNOWN, Column
from .constraints import Expected
from .distance import beyond_chance
from .findings import POINTS, QUALITY, SIGMAS, Finding, Status
from .texts import mixed, undecided, unread
from .violations import unknown_share


def quality(was: Column | None, now: Column, expected: Expected) -> Iterator[Finding]:
    """Yield the findings about missing values, types and categories of a column."""
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
    """Yield a warning about numbers that are judged as text, as they are not written as numbers."""
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
