"""Sampled rows as numbers on one scale, by what the baseline's rows are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from include.jobs.drift.row_features import encode, judged_columns, numbers_of
from include.jobs.drift.samples import Sample
from include.jobs.drift.statistics import Profile
from include.jobs.drift.tables import Batch


def sampled(
    personal: frozenset[str] = frozenset(), **columns: Sequence[object]
) -> tuple[Sample, Profile]:
    batch = pa.RecordBatch.from_pydict({name: pa.array(cells) for name, cells in columns.items()})
    sample, profile = Sample(), Profile(personal=personal)
    sample.add(batch)
    profile.add(Batch("d.csv", batch))
    return sample, profile.settled()


def test_numbers_are_read_in_any_notation_and_others_are_not_a_number() -> None:
    cells = pa.array(["1", "-2.5", None, "NA", "oops", "1e3"])
    values = numbers_of(cells)
    assert values[[0, 1, 5]].tolist() == [1.0, -2.5, 1000.0]
    assert np.isnan(values[2:5]).all()
    assert numbers_of(pa.array(["1,5", "2,25"])).tolist() == [1.5, 2.25]


def test_columns_are_judged_where_both_data_sets_can_be_compared() -> None:
    _, was = sampled(
        personal=frozenset({"age"}),
        size=[1.0, 2.0] * 100,
        plan=["a", "b"] * 100,
        code=["a", "b"] * 100,
        age=[1, 2] * 100,
        name=[f"order-{n}" for n in range(200)],
        gone=[1, 2] * 100,
    )
    _, now = sampled(size=[2.5], plan=["a"], code=[7], age=[3], name=["order-1"], late=[1])
    assert judged_columns(was, now) == ["size", "plan"]


def test_a_numbers_score_is_its_rank_whatever_its_unit() -> None:
    grams = [float(n) for n in range(1, 102)]
    was, profile = sampled(size=[n**3 for n in grams])
    now, _ = sampled(size=[51.0**3, 1e12, -1e12, None])
    features = encode(was, now, profile, ["size"])
    assert features.names == (("size", None),)
    assert features.was.mean() == pytest.approx(0, abs=1e-6)
    assert features.was.std() == pytest.approx(1, abs=0.05)
    assert sorted(features.now[:, 0]) == pytest.approx([-3, 0, 0, 3], abs=1e-6)


def test_a_category_has_a_feature_for_each_frequent_value() -> None:
    was, profile = sampled(plan=["a"] * 60 + ["b"] * 39 + ["rare"])
    now, _ = sampled(plan=["a", "new"])
    features = encode(was, now, profile, ["plan"])
    assert features.names == (("plan", "a"), ("plan", "b"))
    assert features.was.mean(axis=0) == pytest.approx([0, 0])
    assert features.was.std(axis=0) == pytest.approx([1, 1])
    assert sorted(features.now[:, 0] > 0) == [False, True]


def test_a_column_of_one_value_says_nothing() -> None:
    was, profile = sampled(size=[5, 5, 5])
    now, _ = sampled(size=[5, 6])
    features = encode(was, now, profile, ["size"])
    assert features.names == ()
    assert (features.was.shape, features.now.shape) == ((3, 0), (2, 0))
