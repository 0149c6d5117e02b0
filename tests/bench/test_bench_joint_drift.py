"""A small version of the study of all columns together; the large one is in bench/results."""

from __future__ import annotations

import json

from bench.bench_joint_drift import RESULT, SIZES, Reference
from bench.window_data import rows
from include.jobs.drift.findings import Status


def test_columns_that_part_are_seen_where_no_column_has_moved() -> None:
    reference = Reference(1)
    for kind, strength, wanted in (("none", 0.0, Status.OK), ("correlation", 1.2, Status.ALERT)):
        joint, alone = reference.judged(rows(600, [1, 2], kind, strength))
        assert (joint.status, alone) == (wanted, Status.OK)


def test_the_stored_result_keeps_the_promise() -> None:
    result = json.loads(RESULT.read_text())
    calm = result["no_drift"].values()
    assert sum(one["windows"] for one in calm) >= 100 * len(SIZES)
    assert all(one["warn"] <= 0.01 for one in calm)
    assert all(one["warn"] <= 0.02 for one in result["jitter_0.05"].values())
    assert all(one["a_column_warns"] == 0 for one in result["drift"])
    turned = [one for one in result["drift"] if one["strength"] == 1.2]
    assert all(one["alert"] == 1.0 for one in turned if one["rows"] >= 300)
