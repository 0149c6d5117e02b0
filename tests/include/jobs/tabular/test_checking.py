"""Cells that break a rule are named, and those that only look unusual are numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from include.jobs.tabular.checking import parsed
from tests.include.jobs.tabular.broken_windows import HOLDOUT, NEWEST, OLDER, violations_of
from tests.include.jobs.tabular.window_files import SCHEMA, prepared, write_csv

CELLS = {
    "number": ("age", "old", "'old' is not a number"),
    "underscore": ("spent", "1_000", "'1_000' is not a number"),
    "infinity": ("spent", "inf", "'inf' is not a number"),
    "vocabulary": ("city", "Basel", "'Basel' is not an allowed value (Bern, Genève, GE, Zug)"),
    "flag": ("member", "", "'' is not an allowed value (no, yes)"),
    "label": ("bought", "perhaps", "'perhaps' is not an allowed value (no, yes)"),
    "key": ("id", "", "the key is empty"),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_is_named_by_file_column_and_row(raw: Path, case: str) -> None:
    column, value, sentence = CELLS[case]
    write_csv(raw / NEWEST, [*HOLDOUT[:5], {**HOLDOUT[5], column: value}, *HOLDOUT[6:]])
    violations = violations_of(raw)
    ((violation,),) = violations.shown.values()
    assert (violation.uri, violation.column, violation.row) == (str(raw / NEWEST), column, 7)
    assert sentence in violation.sentence
    assert violations.counts.total() == 1


def test_numbers_as_people_write_them_are_numbers(raw: Path, tmp_path: Path) -> None:
    changed = {**OLDER[0], "age": " 41 ", "spent": "+1.5e1"}
    write_csv(raw / "2024-01-01.csv", [changed, *OLDER[1:]])
    prepared(raw, tmp_path / "output")
    parts = [*(tmp_path / "output" / "train").iterdir(), *(tmp_path / "output").glob("val*on/*")]
    rows = [line.split(",") for part in parts for line in part.read_text().splitlines()]
    assert [41.0, 15.0] in [[float(row[1]), float(row[2])] for row in rows]


def test_personal_values_are_hidden(raw: Path) -> None:
    schema = replace(SCHEMA, personal=("id", "age", "city"))
    broken = {**OLDER[3], "age": "SECRET", "city": "SECRET"}
    write_csv(raw / "2024-01-01.csv", [*OLDER, broken])
    violations = violations_of(raw, schema)
    assert violations.counts == {"number": 1, "vocabulary": 1, "duplicate": 1}
    text = "\n".join(violations.lines())
    assert "SECRET" not in text
    assert "customer-3" not in text


def test_a_personal_label_is_hidden(raw: Path) -> None:
    schema = replace(SCHEMA, personal=("bought",))
    write_csv(raw / NEWEST, [*HOLDOUT, {**HOLDOUT[0], "id": "new", "bought": "SECRET"}])
    violations = violations_of(raw, schema)
    assert violations.counts == {"label": 1}
    assert "a hidden value is not an allowed value" in str(violations.shown["label"][0])
    assert "SECRET" not in "\n".join(violations.lines())


def test_a_regression_wants_a_number_as_label(raw: Path) -> None:
    schema = replace(SCHEMA, label="spent", labels=None, numbers=("age",))
    write_csv(raw / NEWEST, [{**HOLDOUT[0], "spent": ""}, {**HOLDOUT[1], "spent": "much"}])
    violations = violations_of(raw, schema)
    assert violations.counts == {"number": 1, "label": 1}


def test_texts_that_are_no_numbers_become_zero_and_are_marked() -> None:
    numbers, strange = parsed(pa.array([" 4", "1_0", None, "much", "1e3", " 4"]))
    assert numbers.to_pylist() == [4.0, 0.0, None, 0.0, 1000.0, 4.0]
    assert strange.tolist() == [False, True, False, True, False, False]
