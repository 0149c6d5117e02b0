"""Drift of all columns together: what it sees, and what it is not deceived by."""

from __future__ import annotations

import pyarrow as pa
import pytest

from include.jobs.drift.constraints import from_json, suggest
from include.jobs.drift.findings import Status
from include.jobs.drift.joint import Limits, judge_joint, pairs_named
from include.jobs.drift.samples import Sample
from include.jobs.drift.statistics import Profile
from include.jobs.drift.verdicts import compare
from tests.include.jobs.drift.whole_windows import judged, rows, sampled

BASELINE = rows(3000, 1)


def test_a_flipped_correlation_alerts_though_no_column_has_moved() -> None:
    now = rows(600, 2, correlation=-0.6)
    joint = judged(BASELINE, now)
    assert joint.status == Status.ALERT
    assert pairs_named(joint) == ["n0 with n1"]
    assert (round(joint.pairs[0].was, 1), round(joint.pairs[0].now, 1)) == (0.6, -0.6)
    (_, was), (_, after) = sampled(BASELINE), sampled(now)
    verdicts = compare(was, after, from_json(suggest(was)))
    assert max(verdict.status for verdict in verdicts) == Status.OK


def test_a_category_that_no_longer_follows_a_number_alerts() -> None:
    now = rows(1500, 3)
    plans = now.column("plan").to_pylist()
    turned = now.set_column(
        now.schema.get_field_index("plan"), "plan", pa.array(plans[1:] + plans[:1])
    )
    joint = judged(BASELINE, turned)
    assert joint.status != Status.OK
    assert {column.partition("=")[0] for column in joint.pairs[0].columns} == {"n2", "plan"}


@pytest.mark.parametrize("count", [100, 1000])
def test_windows_without_drift_do_not_warn(count: int) -> None:
    assert [judged(BASELINE, rows(count, seed)).status for seed in range(10, 14)] == [Status.OK] * 4


def test_repeated_rows_are_no_drift_and_say_less() -> None:
    once = rows(200, 5)
    again = once.take([place % 200 for place in range(1200)])
    joint = judged(BASELINE, again)
    assert joint.separation
    assert 150 < joint.separation.rows < 250
    assert joint.status == Status.OK
    few = judged(BASELINE, rows(60, 5).take([place % 60 for place in range(1200)]))
    assert few.separation is None
    assert "repeat each other" in str(few.reason)


def test_what_cannot_be_judged_is_said() -> None:
    assert "The window has 99 rows" in str(judged(BASELINE, rows(99, 2)).reason)
    assert "The baseline has 50 rows" in str(judged(rows(50, 1), rows(300, 2)).reason)
    alone = judged(BASELINE.select(["n0"]), rows(300, 2))
    assert "Fewer than two columns" in str(alone.reason)
    none = judge_joint(None, Sample(), (Profile(), Profile()))
    assert "no sample of rows" in str(none.reason)
    assert none.to_json()["status"] is None


def test_limits_decide_and_the_verdict_is_reproducible() -> None:
    now = rows(1000, 6, correlation=0.0)
    (first, was), (second, after) = sampled(BASELINE), sampled(now)
    strict, lax = (
        judge_joint(first, second, (was, after), limits)
        for limits in (Limits(0.01, 0.02), Limits(0.3, 0.4))
    )
    assert (strict.status, lax.status) == (Status.ALERT, Status.OK)
    again = judge_joint(first, second, (was, after), Limits(0.01, 0.02))
    assert again.to_json() == strict.to_json()
