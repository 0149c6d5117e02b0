"""New rows become records that a batch transform scores."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from include.data.churn_world import Row
from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.contract import contract_document, served_schema
from include.jobs.tabular.scoring import quoted, write_keyed_records
from include.jobs.tabular.window import BadData
from tests.include.conftest import write_csv


def table(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_new_rows_become_records_with_their_keys(rows: list[Row], tmp_path: Path) -> None:
    """Without labels, in their order, in the schema's columns after the key."""
    unlabelled = [{k: v for k, v in row.items() if k != "churn"} for row in rows[:20]]
    raw = tmp_path / "raw"
    raw.mkdir()
    write_csv(raw / "2024-01-15.csv", unlabelled)
    write_keyed_records(SCHEMA, raw, tmp_path)
    written = table(tmp_path / "records" / "part-00000.csv")
    names = (SCHEMA.key, *SCHEMA.inputs)
    assert written == [[row[name] for name in names] for row in unlabelled]
    assert json.loads((tmp_path / "summary" / "rows.json").read_text()) == {"rows": 20}


def test_records_have_the_columns_of_the_model_that_scores_them(
    rows: list[Row], tmp_path: Path
) -> None:
    """An older contract had fewer numbers, in another order, and other states."""
    older = replace(SCHEMA, numbers=SCHEMA.numbers[5:2:-1], categories={"state": ("ZZ", "OH")})
    (tmp_path / "contract.json").write_text(json.dumps(contract_document(older)))
    personal = replace(SCHEMA, personal=("customer_id", "area_code"))
    served = served_schema(personal, tmp_path)
    assert served.inputs == older.inputs
    assert served.personal == ("customer_id",)
    raw = tmp_path / "raw"
    raw.mkdir()
    write_csv(raw / "2024-01-15.csv", [{**rows[0], "state": "ZZ"}])
    write_keyed_records(served, raw, tmp_path)
    written = table(tmp_path / "records" / "part-00000.csv")
    expected = {**rows[0], "state": "ZZ"}
    assert written == [[expected[name] for name in (SCHEMA.key, *older.inputs)]]


def test_new_records_are_checked_and_keys_quoted(rows: list[Row], tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write_csv(raw / "2024-01-15.csv", [{**rows[0], "customer_id": 'a,"b"'}, rows[1]])
    write_keyed_records(SCHEMA, raw, tmp_path)
    assert table(tmp_path / "records" / "part-00000.csv")[0][0] == 'a,"b"'
    write_csv(raw / "2024-01-15.csv", [rows[0], {**rows[0], "state": "ZZ"}])
    with pytest.raises(
        BadData, match=r"2 violations in the raw data \(vocabulary 1, duplicate 1\)"
    ):
        write_keyed_records(SCHEMA, raw, tmp_path)


def test_a_csv_reader_reads_quoted_keys_as_they_were() -> None:
    keys = ["plain", 'a "b"', "c,d", "e\nf", "g\rh"]
    text = io.StringIO("\n".join(quoted(pa.array(keys)).to_pylist()), newline="")
    assert [row for (row,) in csv.reader(text)] == keys
    assert quoted(pa.array(keys))[0].as_py() == "plain"
