"""Summaries of files for the baseline, and their merge."""

from __future__ import annotations

import json
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from include.jobs.drift.kll import Kll
from include.jobs.tabular.sources import Role, Source
from include.jobs.tabular.summary import Summary, Totals, median_of, summarize
from tests.include.jobs.tabular.window_files import (
    HOLDOUT,
    OLDER,
    SCHEMA,
    cells,
    prepared,
    write_csv,
)


def test_the_baseline_has_raw_columns(data_sets: Path) -> None:
    features = json.loads((data_sets / "baseline" / "statistics.json").read_text())["features"]
    assert [feature["name"] for feature in features] == [*SCHEMA.inputs]
    kinds = [feature["inferred_type"] for feature in features]
    assert kinds == ["Integral", "Fractional", "String", "String"]
    missing = sum(not row["age"] for row in OLDER)
    assert features[0]["numerical_statistics"]["common"]["num_missing"] == missing


def test_personal_values_are_learned_from_and_not_in_the_baseline(tmp_path: Path) -> None:
    hidden = replace(SCHEMA, personal=("age",))
    write_csv(tmp_path / "raw" / "2024-01-01.csv", OLDER)
    write_csv(tmp_path / "raw" / "2024-01-08.csv", HOLDOUT)
    prepared(tmp_path / "raw", tmp_path / "output", hidden)
    train = cells(tmp_path / "output" / "train")
    assert all(float(row[1]) >= 20 for row in train)  # of empty cells too: the median
    feature = json.loads((tmp_path / "output/baseline/statistics.json").read_text())["features"][0]
    assert feature["personal"]
    sample = json.loads((tmp_path / "output/baseline/sample.json").read_text())
    assert "age" not in sample["columns"]
    assert len(sample["columns"]) == len(SCHEMA.inputs) - 1
    assert "numerical_statistics" not in feature


def summary(path: Path, role: Role) -> Summary:
    """Return the summary of a file as another instance gets it."""
    source = Source(f"{path.parent}/", path.name, 0, role)
    hashes: list[int] = []
    made = summarize(SCHEMA, source, lambda some: hashes.extend(some.tolist()))
    assert len({*hashes}) == made.rows
    return Summary.from_json(json.loads(json.dumps(made.to_json())))


def test_summaries_of_files_add_up(tmp_path: Path) -> None:
    totals = Totals(SCHEMA)
    for number, rows in enumerate((OLDER[:150], OLDER[150:])):
        write_csv(tmp_path / str(number), rows)
        totals.add(summary(tmp_path / str(number), Role.OLDER))
    write_csv(tmp_path / "newest", HOLDOUT)
    totals.add(summary(tmp_path / "newest", Role.HOLDOUT))
    assert totals.rows == len(OLDER) + len(HOLDOUT)
    assert totals.size("train") + totals.size("validation") == len(OLDER)
    assert totals.labels["holdout"] == {"no": 50, "yes": 50}
    assert totals.baseline.rows == len(OLDER)
    assert totals.size("test") == 0


def test_a_file_that_breaks_a_rule_adds_no_statistics(tmp_path: Path) -> None:
    write_csv(tmp_path / "broken", [{**OLDER[1], "age": "old"}, *OLDER[2:5]])
    broken = summary(tmp_path / "broken", Role.OLDER)
    assert (broken.rows, broken.labels, broken.train.rows) == (4, {}, 0)
    assert broken.violations.counts == {"number": 1}


@pytest.mark.parametrize("values", [[3.0], [1.0, 4.0], [5.0, 1.0, 1.0], [8.0, 2.0, 4.0, 3.0]])
def test_the_median_of_few_rows_is_exact(values: list[float]) -> None:
    sketch = Kll()
    sketch.add(np.array(values))
    assert median_of(sketch) == statistics.median(values)
