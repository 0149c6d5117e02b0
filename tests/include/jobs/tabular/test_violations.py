"""Every rule that raw data may break, through the job's own path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.jobs.tabular.schema import Schema
from include.jobs.tabular.violations import MESSAGE, SHOWN, Violations
from include.jobs.tabular.window import BadData
from tests.include.jobs.tabular.window_files import (
    SCHEMA,
    csv_text,
    prepared,
    rows_of,
    write_csv,
    write_gzip,
    write_parquet,
)

OLDER, HOLDOUT = rows_of(0, 40), rows_of(400, 20)
NEWEST = "2024-01-08.csv"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    write_csv(tmp_path / "raw" / "2024-01-01.csv", OLDER)
    write_csv(tmp_path / "raw" / NEWEST, HOLDOUT)
    return tmp_path / "raw"


def violations_of(raw: Path, schema: Schema = SCHEMA) -> Violations:
    with pytest.raises(BadData) as caught:
        prepared(raw, raw.parent / "output", schema)
    assert not (raw.parent / "output").exists()
    return caught.value.violations


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


FILES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty file": ("empty", lambda path: path.write_text(""), "the file is empty"),
    "no rows": (
        "empty",
        lambda path: path.write_text(csv_text(HOLDOUT).partition("\n")[0] + "\n"),
        "has a header but no rows",
    ),
    "no rows and no end of the line": (
        "empty",
        lambda path: path.write_text(csv_text(HOLDOUT).partition("\r\n")[0]),
        "has a header but no rows",
    ),
    "semicolons": (
        "header",
        lambda path: path.write_text(csv_text(HOLDOUT).replace(",", ";")),
        "its cells are separated by ';'. Export the partition with commas.",
    ),
    "tabs": (
        "header",
        lambda path: path.write_text(csv_text(HOLDOUT).replace(",", "\t")),
        r"its cells are separated by '\t'",
    ),
    "renamed column": (
        "header",
        lambda path: path.write_text(csv_text(HOLDOUT).replace("spent", "paid", 1)),
        "lacks column 'spent'. It has ['ignored', 'paid'], which the schema lacks",
    ),
    "column twice": (
        "header",
        lambda path: path.write_text(csv_text(HOLDOUT).replace("ignored", "age", 1)),
        "'age' is in the header twice",
    ),
    "UTF-16": (
        "encoding",
        lambda path: path.write_text(csv_text(HOLDOUT), encoding="utf-16"),
        "not UTF-8",
    ),
    "Latin-1": (
        "encoding",
        lambda path: path.write_text(csv_text(HOLDOUT), encoding="latin-1"),
        "the cell is not UTF-8",
    ),
    "row too short": (
        "width",
        lambda path: path.write_text(csv_text(HOLDOUT) + "x,y\n"),
        "2 cells under a header of 7",
    ),
    "truncated gzip": ("file", lambda path: _truncated(path), "not readable as CSV"),
    "broken Parquet": ("file", lambda path: path.write_bytes(b"PAR1x"), "not readable as Parquet"),
    "text in Parquet": (
        "type",
        lambda path: pq.write_table(
            pa.table({n: [r[n] for r in HOLDOUT] for n in HOLDOUT[0]}), path
        ),
        "the column is string, and its values are numbers",
    ),
}


def _truncated(path: Path) -> None:
    write_gzip(path, HOLDOUT)
    path.write_bytes(path.read_bytes()[:-20])


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_is_named(raw: Path, case: str) -> None:
    rule, damage, sentence = FILES[case]
    damage(raw / NEWEST)
    violations = violations_of(raw)
    shown = violations.shown[rule][0]
    assert shown.uri == str(raw / NEWEST)
    assert sentence in shown.sentence


def test_rows_are_counted_after_a_row_of_another_width(raw: Path) -> None:
    lines = csv_text([*HOLDOUT[:6], {**HOLDOUT[6], "age": "old"}]).replace("line one\n", "")
    first, *others = lines.splitlines(keepends=True)
    (raw / NEWEST).write_text("".join([first, others[0], "x,y\n", *others[1:]]))
    violations = violations_of(raw)
    assert [violations.shown[rule][0].row for rule in ("number", "width")] == [9, 3]


def test_all_violations_are_counted_and_the_first_of_each_rule_shown(raw: Path) -> None:
    broken = [{**row, "age": "old", "city": "Basel"} for row in rows_of(1000, 3000)]
    write_csv(raw / "2024-01-01.csv", broken)
    violations = violations_of(raw)
    assert violations.counts == {"number": 3000, "vocabulary": 3000}
    assert {rule: len(shown) for rule, shown in violations.shown.items()} == {
        "number": SHOWN,
        "vocabulary": SHOWN,
    }
    message = violations.message()
    assert message.startswith("6000 violations in the raw data (vocabulary 3000, number 3000).")
    assert len(message.encode()) <= MESSAGE
    assert Violations.from_json(violations.to_json()) == violations


def test_a_key_that_occurs_again_in_any_file_is_a_duplicate(raw: Path) -> None:
    write_parquet(raw / "2024-01-08.csv", [*HOLDOUT, OLDER[3], OLDER[4], OLDER[4]])
    violations = violations_of(raw)
    assert violations.counts == {"duplicate": 3}
    first, _, last = violations.shown["duplicate"]
    assert str(first) == (
        f"{raw / NEWEST}, column 'id', row 22: the key 'customer-3' is in row 5 of "
        f"{raw / '2024-01-01.csv'} already. Keep one of the two rows."
    )
    assert last.row == 24


def test_a_label_that_never_occurs_in_a_part_is_named(raw: Path) -> None:
    write_csv(raw / NEWEST, [{**row, "bought": "no"} for row in HOLDOUT])
    (violation,) = violations_of(raw).shown["labels"]
    where = f"the holdout ({raw / NEWEST}), column 'bought'"
    assert str(violation).startswith(f"{where}: no row says 'yes'")


def test_a_column_without_a_number_is_named(raw: Path) -> None:
    write_csv(raw / "2024-01-01.csv", [{**row, "age": ""} for row in OLDER])
    (violation,) = violations_of(raw).shown["column"]
    assert violation.column == "age"


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
