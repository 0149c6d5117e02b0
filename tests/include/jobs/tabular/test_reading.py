"""Files that cannot be read are named, and every format gives the same blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.jobs.tabular.reading import Block, Rows, blocks, check_header
from include.jobs.tabular.sources import BadFile, Role, Source
from tests.include.jobs.tabular.broken_windows import HOLDOUT, NEWEST, violations_of
from tests.include.jobs.tabular.window_files import (
    SCHEMA,
    csv_text,
    write_csv,
    write_gzip,
    write_parquet,
)

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


def source(path: Path) -> Source:
    return Source(f"{path.parent}/", path.name, 0, Role.OLDER)


@pytest.mark.parametrize("write", [write_csv, write_gzip, write_parquet])
def test_a_block_has_the_schemas_columns_in_any_format(
    tmp_path: Path, write: Callable[..., None]
) -> None:
    write(tmp_path / "rows", HOLDOUT)
    (block,) = blocks(SCHEMA, source(tmp_path / "rows"), True, Rows())
    assert (block.first, len(block)) == (0, len(HOLDOUT))
    assert list(block.columns) == list(SCHEMA.raw_columns)
    cities = [cell.decode() if isinstance(cell, bytes) else cell for cell in cells(block, "city")]
    assert cities == [row["city"] for row in HOLDOUT]
    assert [float(cell) for cell in cells(block, "spent")] == [float(r["spent"]) for r in HOLDOUT]


def cells(block: Block, name: str) -> list[Any]:
    values: list[Any] = block.columns[name].to_pylist()
    return values


def test_a_file_without_labels_is_read_where_none_are_wanted(tmp_path: Path) -> None:
    write_csv(tmp_path / "rows", [{k: v for k, v in r.items() if k != "bought"} for r in HOLDOUT])
    (block,) = blocks(SCHEMA, source(tmp_path / "rows"), False, Rows())
    assert "bought" not in block.columns
    with pytest.raises(BadFile, match="the file lacks column 'bought'"):
        next(blocks(SCHEMA, source(tmp_path / "rows"), True, Rows()))


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"gone: the file does not exist\. Restore it"):
        next(blocks(SCHEMA, source(tmp_path / "gone"), True, Rows()))


def test_a_header_that_may_be_a_row_is_not_quoted() -> None:
    personal = replace(SCHEMA, personal=("age",))
    for header in (["SECRET", "SECRET"], ["id", "SECRET"]):
        with pytest.raises(BadFile) as refused:
            check_header(personal, source(Path("/raw/rows")), header, SCHEMA.raw_columns)
        assert "SECRET" not in str(refused.value)
