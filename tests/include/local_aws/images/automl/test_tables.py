"""Tables of an AutoML job, read as rows of text or refused with the file and the line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.include.local_aws.images.modules import Load


def test_files_of_each_format_come_to_the_same_rows(load: Load, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("age , city\n1,New  York\n\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "part-0").write_bytes(gzip.compress(b"age,city\n2,ulm\n"))
    table = pa.table({"age": pa.array([3, None]), "city": ["Bonn\n", "Rome"]})
    pq.write_table(table, tmp_path / "c.parquet")
    header, rows = load("tables").read_tables(tmp_path)
    assert header == ["age", "city"]
    assert rows == [["1", "New York"], ["2", "ulm"], ["3", "Bonn"], ["", "Rome"]]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "The input has no rows. Check the S3Uri of its channel."),
        ({"a.csv": "age\n"}, "The input has no rows."),
        ({"a.csv": "age,b\n1,2\n1\n"}, "Line 3 of a.csv has 1 cells, and the header 2. Correct"),
        (
            {"a.csv": "age\n1\n", "b.csv": "size\n1\n"},
            "The header of b.csv, size, differs from that of the other files, age. Give all",
        ),
    ],
)
def test_input_that_no_model_can_learn_from_is_refused(
    load: Load, files: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    tables = load("tables")
    with pytest.raises(tables.BadTable) as refused:
        tables.read_tables(tmp_path)
    assert str(refused.value).startswith(sentence)


def test_a_file_in_another_encoding_is_refused_by_name(load: Load, tmp_path: Path) -> None:
    (tmp_path / "part.csv").write_bytes("name,age\nZoë,1\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"part\.csv is not CSV in UTF-8"):
        load("tables").read_tables(tmp_path)


def test_rows_are_read_as_they_were_written(load: Load, tmp_path: Path) -> None:
    tables, rows = load("tables"), [["1", 'say "hi", twice'], ["", "b"]]
    tables.write_rows(tmp_path / "train" / "a.csv", rows)
    assert (tmp_path / "train" / "a.csv").read_bytes().count(b"\n") == len(rows)
    tables.write_rows(tmp_path / "train" / "b.csv", [["2", "c"]])
    assert tables.read_rows(tmp_path / "train") == [*rows, ["2", "c"]]


def test_a_cell_with_a_line_break_is_one_row(load: Load) -> None:
    assert load("tables").rows_of('1,"new\nyork"\r\n\n2, ulm \n') == [
        ["1", "new york"],
        ["2", "ulm"],
    ]
