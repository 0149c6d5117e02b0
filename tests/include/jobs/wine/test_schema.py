"""The wine schema against the committed rows: every column and every cultivar is known."""

from __future__ import annotations

import csv

from include.jobs.wine.schema import SCHEMA
from include.settings import ROOT

FILES = sorted((ROOT / "include" / "data" / "wine").glob("*.csv"))
ROWS = [row for path in FILES for row in csv.DictReader(path.open(newline=""))]


def test_it_names_every_committed_column() -> None:
    assert set(SCHEMA.raw_columns) == set(ROWS[0])


def test_cultivars_of_the_committed_rows_are_its_classes() -> None:
    assert {row[SCHEMA.label] for row in ROWS} == set(SCHEMA.vocabulary(SCHEMA.label))


def test_a_bottle_is_in_the_committed_rows_once() -> None:
    assert len({row[SCHEMA.key] for row in ROWS}) == len(ROWS)


def test_every_measurement_is_a_number_that_is_learned_from() -> None:
    assert len(SCHEMA.features) == len(SCHEMA.numbers) == 13
    assert all(float(row[name]) >= 0 for row in ROWS for name in SCHEMA.numbers if row[name])
