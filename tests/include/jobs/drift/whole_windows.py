"""Samples of rows whose columns go together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from include.jobs.drift.joint import Joint, judge_joint
from include.jobs.drift.samples import Sample
from include.jobs.drift.statistics import Profile
from include.jobs.drift.tables import Batch

Array = np.ndarray
COLUMNS = 8


def rows(count: int, seed: int, correlation: float = 0.6, shift: float = 0.0) -> pa.RecordBatch:
    """Return normal columns, of which the first two are correlated, and a category."""
    draw = np.random.default_rng(seed)
    table = draw.standard_normal((count, COLUMNS)) + shift
    table[:, 1] = correlation * table[:, 0] + np.sqrt(1 - correlation**2) * table[:, 1]
    plans = np.where(table[:, 2] + draw.standard_normal(count) > 0, "gold", "silver")
    columns = {f"n{place}": table[:, place] for place in range(COLUMNS)} | {"plan": plans}
    return pa.RecordBatch.from_pydict({name: pa.array(cells) for name, cells in columns.items()})


def sampled(batch: pa.RecordBatch) -> tuple[Sample, Profile]:
    """Return a sample of rows, and their profile."""
    sample, profile = Sample(), Profile()
    sample.add(batch)
    profile.add(Batch("d.csv", batch))
    return sample, profile.settled()


def judged(was: pa.RecordBatch, now: pa.RecordBatch) -> Joint:
    """Return the verdict on all columns together."""
    (first, before), (second, after) = sampled(was), sampled(now)
    return judge_joint(first, second, (before, after))
