"""The churn schema against the committed rows: every value that occurs can be encoded."""

from __future__ import annotations

import pyarrow as pa

from include.data.churn_world import Row
from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.encoding import Encoder
from include.jobs.tabular.lines import Lines

MEDIANS = dict.fromkeys(SCHEMA.numbers, 1.0)


def test_it_names_every_committed_column(rows: list[Row]) -> None:
    assert set(SCHEMA.raw_columns) == set(rows[0])


def test_every_category_of_the_committed_rows_is_known(rows: list[Row]) -> None:
    for name, values in SCHEMA.categories.items():
        assert {row[name] for row in rows} <= set(values)
    for name in SCHEMA.flags:
        assert {row[name] for row in rows} == {"yes", "no"}


def test_a_row_has_one_state_and_one_area(rows: list[Row]) -> None:
    record = [rows[0][name] for name in SCHEMA.inputs]
    encoded = [float(cell) for cell in Encoder(SCHEMA, MEDIANS).line(record).split(",")]
    assert len(encoded) == len(SCHEMA.features) == 15 + 2 + 51 + 3
    assert sum(encoded[-54:]) == 2.0
    labels = Lines(SCHEMA, MEDIANS, (), ()).labels({"churn": pa.array([rows[0]["churn"]])})
    assert labels.to_pylist() == [{"no": "0", "yes": "1"}[rows[0]["churn"]]]
