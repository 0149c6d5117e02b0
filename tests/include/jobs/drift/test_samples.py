"""A sample is the same however its rows come, and bounded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.samples import ROWS, Sample, read_sample, write_sample
from tests.include.jobs.drift.whole_windows import rows


def text(sample: Sample) -> str:
    return json.dumps(sample.to_json())


def test_pieces_of_any_size_make_the_same_bounded_sample(tmp_path: Path) -> None:
    batch = rows(5000, 1)
    whole, pieces = Sample(), Sample()
    whole.add(batch)
    for start in range(0, 5000, 700):
        pieces.add(batch.slice(start, 700))
    assert (len(whole), whole.seen) == (ROWS, 5000)
    assert text(whole) == text(pieces)
    write_sample(whole, tmp_path)
    assert text(read_sample(tmp_path) or Sample()) == text(whole)


def test_merged_samples_are_that_of_all_rows_whatever_their_order() -> None:
    batch, priorities = rows(6000, 2), np.random.default_rng(3).permutation(6000).astype(np.uint64)
    parts = [Sample(), Sample()]
    for part, start in zip(parts, (0, 3000), strict=True):
        part.add(batch.slice(start, 3000), priorities[start : start + 3000])
    whole = Sample()
    whole.add(batch, priorities)
    for order in (parts, parts[::-1]):
        total = Sample()
        for part in order:
            total.merge(part)
        assert text(total) == text(whole)


def test_a_sample_represents_all_rows() -> None:
    sample = Sample()
    for start in range(0, 100_000, 10_000):
        places = np.arange(start, start + 10_000)
        sample.add(pa.RecordBatch.from_pydict({"place": pa.array(places)}))
    kept = np.array([float(cell) for cell in sample.cells("place").to_pylist()])
    assert abs(kept.mean() - 50_000) < 4 * 100_000 / np.sqrt(12 * ROWS)


def test_excluded_columns_and_columns_that_rows_lack() -> None:
    sample = Sample(without=["name"])
    sample.add(pa.RecordBatch.from_pydict({"name": ["a"], "x": [1]}))
    sample.add(pa.RecordBatch.from_pydict({"y": ["b"]}))
    assert sample.names == ["x", "y"]
    assert sorted(map(str, sample.cells("x").to_pylist())) == ["1", "None"]
    assert sample.cells("z").null_count == 2


def test_a_broken_sample_is_refused(tmp_path: Path) -> None:
    assert read_sample(tmp_path) is None
    (tmp_path / "sample.json").write_text("{}")
    with pytest.raises(UnreadableData, match="Write the baseline again"):
        read_sample(tmp_path)
