"""Rates of zeros and of values that no distance shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from include.jobs.drift.columns import Column
from include.jobs.drift.findings import Finding, Status
from include.jobs.drift.rates import rates, zeros


def column(values: Any, *, as_text: bool = False) -> Column:
    result = Column("c", as_text=as_text)
    result.add(pa.array(values))
    return result


def flag(rows: int, share: float) -> Column:
    """Return a flag that is 1 in *share* of the rows."""
    return column((np.arange(rows) < share * rows).astype(float))


def test_a_rare_flag_that_triples_has_another_rate() -> None:
    (finding,) = rates(flag(20_000, 0.01), flag(5_000, 0.03))
    message = "The share of zeros in c is 97.0%, not 99.0%."
    assert finding == Finding("zero_share", "drift", Status.WARN, message)
    assert list(rates(flag(20_000, 0.01), flag(5_000, 0.01))) == []


def test_a_change_by_chance_is_no_finding() -> None:
    assert list(rates(flag(200, 0.01), flag(100, 0.03))) == []


def test_a_value_of_texts_that_becomes_frequent_is_an_alert() -> None:
    was = column(["a"] * 980 + ["b"] * 20, as_text=True)
    now = column(["a"] * 900 + ["b"] * 100, as_text=True)
    checks = {(finding.check, finding.status) for finding in rates(was, now)}
    assert checks == {("rate", Status.ALERT)}


def test_zeros_are_counted_exactly() -> None:
    assert zeros(column([0.0, 0.0, 1.0, -1.0])) == 0.5
