"""Findings about missing values, types and categories of one column."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from include.jobs.drift.column_quality import quality
from include.jobs.drift.columns import FRACTIONAL, INTEGRAL, STRING, UNKNOWN, Column
from include.jobs.drift.constraints import Expected, Rules
from include.jobs.drift.findings import Status

RULES = Rules(datatype_threshold=0.99)


def column(values: list[Any], as_text: bool = False) -> Column:
    result = Column("c", as_text=as_text)
    result.add(pa.array(values))
    return result.settled()


def judged(
    now: list[Any], was: list[Any] | None = None, kind: str = UNKNOWN, domain: str | None = None
) -> list[tuple[str, Status, str]]:
    expected = Expected(
        "c", kind, domain=None if domain is None else frozenset(domain), rules=RULES
    )
    before = None if was is None else column(was)
    findings = quality(before, column(now), expected)
    return [(finding.check, finding.status, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("missing", "statuses"), [(5, []), (30, [Status.WARN]), (100, [Status.ALERT])]
)
def test_more_missing_values_than_before(missing: int, statuses: list[Status]) -> None:
    now = [None] * missing + [1.5] * (1000 - missing)
    findings = judged(now, was=[1.5] * 1000)
    assert [status for _, status, _ in findings] == statuses
    if statuses:
        assert findings[0][0] == "null_share"
        assert findings[0][2] == f"{missing / 1000:.1%} of c is missing, not 0.0%."


def test_a_few_missing_values_in_few_rows_are_chance() -> None:
    assert judged([None, *[1.5] * 19], was=[1.5] * 1000) == []


def test_fractions_where_integers_were_warn_and_texts_alert() -> None:
    fractions = judged([1, 2.5] * 50, kind=INTEGRAL)
    assert fractions == [("data_type", Status.WARN, "50.0% of c is not Integral.")]
    texts = judged(["1", "2", "oops"] * 50, kind=FRACTIONAL)
    message = "33.3% of c is no number, such as 'oops'."
    assert texts == [("data_type", Status.ALERT, message)]
    assert judged([1, 2] * 50, kind=FRACTIONAL) == []


def test_values_that_the_baseline_has_not() -> None:
    known = ["a", "b"] * 49
    assert judged([*known, "a", "b"], kind=STRING, domain="ab") == []
    assert judged([*known, "x", "x"], kind=STRING, domain="ab") == [
        ("new_category", Status.WARN, "2.0% of c has values that the baseline has not: ['x'].")
    ]
    ((check, status, message),) = judged([*known, *"xxyz"] * 2, kind=STRING, domain="a")
    assert (check, status) == ("new_category", Status.ALERT)
    assert message.endswith("that the baseline has not: ['b', 'x', 'y'].")


def test_texts_that_hide_numbers_are_named_with_what_to_do() -> None:
    ((check, status, message),) = judged(["1", "2", "3", "oops"] * 30, kind=STRING)
    assert (check, status) == ("mixed_types", Status.WARN)
    assert message.endswith("such as 'oops'. Leave cells empty where none is known.")
    ((check, _, message),) = judged([f"{n} kg" for n in range(100)], kind=STRING)
    assert check == "unread_numbers"
    assert "Write them as numbers" in message
    codes = [f"2024-01-{n}" for n in range(200)] * 3
    ((check, _, message),) = judged(codes, was=codes, kind=STRING)
    assert check == "undecided_texts"
    assert "evaluate_constraints" in message
