"""Tables: CSV and Parquet files, read as they are or refused with file, column and row."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.jobs.drift.baseline import read_baseline
from include.jobs.drift.check import judge
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.observation import Question, observe
from include.jobs.drift.tables import read_table, tables_of
from tests.include.jobs.drift.data import (
    HEADER,
    check,
    refused,
    rows,
)

TABLES = [
    (b"", "is empty: it has not even a header line"),
    (f"{HEADER}\n1,2,a\n1,2\n".encode(), "row 3: 2 values under a header of 3 columns"),
    (f"{HEADER}\n1,2,caf\xe9\n".encode("latin-1"), "d.csv: column 'plan' is not UTF-8"),
    (b"a,b,c\n1,2,3\n", "d.csv lacks the baseline's columns ['minutes', 'calls', 'plan']"),
    ("minutes,calls,pl\xe4n\n1,2,a\n".encode("latin-1"), "d.csv: the header's column 'pl"),
    (b"PK\x03\x04 and more", "d.csv is an Excel workbook or a ZIP archive"),
    (b'[{"minutes": 1}]', "d.csv is JSON, which cannot be checked"),
    (b"minutes,minutes,plan\n1,2,a\n", "d.csv has the columns ['minutes'] more than once"),
    (b"minutes:calls:plan\n1:2:a\n", "and has ['minutes:calls:plan']"),
    (b"<html><body>minutes,calls,plan", "d.csv is HTML or XML"),
    (b"Rar!\x1a\x07\x00minutes,calls,plan\n", "d.csv is a RAR archive"),
    (b"\x89HDF\r\n\x1a\n", "d.csv is an HDF5 file"),
    (f'{HEADER}\n1,2,"a\n3,4,b\n'.encode(), "column 'plan' that begins with 'a' holds whole rows"),
]


@pytest.mark.parametrize(("content", "sentence"), TABLES)
def test_tables(content: bytes, sentence: str, baseline: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_bytes(content)
    assert sentence in refused(data, baseline, tmp_path / "out")


def test_a_truncated_parquet_file(baseline: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.parquet"
    data.write_bytes(b"PAR1 and no more")
    assert "d.parquet is no readable Parquet file" in refused(data, baseline, tmp_path / "out")


def test_utf16_says_so_itself(baseline: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_text("\n".join([HEADER, *rows(600, 2)]), encoding="utf-16")
    assert check(data, baseline, tmp_path / "out")["outcome"] == "OK"


FORMS = [
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16-le"),
    lambda text: text.replace(",", ";").encode(),
    lambda text: text.replace(",", "\t").encode("utf-16"),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: ("sep=|\r\n" + text.replace(",", "|")).encode(),
    lambda text: gzip.compress(text.encode()),
    lambda text: text.replace(",", ";").replace(".", ",").encode(),
    lambda text: text.encode("utf-32"),
    lambda text: b"\n \r\n" + text.encode(),
    lambda text: text.replace("\n", "\r\n", 300).encode(),
    lambda text: text.replace("\n", "\r", 300).encode(),
    lambda text: text.replace("plan", '"plan"').replace("minutes", '" minutes"').encode(),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["D.CSV", "part-00000"])
def test_the_same_rows_in_another_form_say_the_same(
    name: str, form: Callable[[str], bytes], baseline: Path, tmp_path: Path
) -> None:
    """A folder, so that the file is found by what it is."""
    verdicts = []
    for shift in (0.0, 1.0):
        folder = tmp_path / str(shift)
        folder.mkdir()
        (folder / name).write_bytes(form("\n".join([HEADER, *rows(600, 2, shift)]) + "\n"))
        question = Question(folder, read_baseline(baseline))
        result = judge(question, observe(question))
        verdicts.append((result.outcome, result.report["columns"], result.report["rows"]))
    assert verdicts == [("OK", [], 600), ("ALERT", ["minutes"], 600)]


def test_a_header_of_several_lines_and_cells_with_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text('id,"amount\nin EUR"\n1,"a\nb"\n2,c\n')
    (batch,) = read_table(path)
    assert batch.rows.to_pylist() == [
        {"id": "1", "amount in EUR": "a\nb"},
        {"id": "2", "amount in EUR": "c"},
    ]


@pytest.mark.parametrize("text", ["id,b", "id,b\n", "\nid,b\r\n\r\n"])
def test_a_header_alone_is_no_row(text: str, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(text.encode())
    assert list(read_table(path)) == []


def test_columns_without_a_name_are_called_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(",id,\n0,1,\n")
    (batch,) = read_table(path)
    assert batch.rows.schema.names == ["unnamed column 1", "id", "unnamed column 3"]


def test_members_of_parquet_structs_are_columns(tmp_path: Path) -> None:
    nested = [{"x": 1, "y": {"z": "a"}}, {"x": 2, "y": {"z": "b"}}]
    pq.write_table(pa.table({"a": nested}), tmp_path / "d.parquet")
    (batch,) = read_table(tmp_path / "d.parquet")
    assert batch.rows.to_pylist() == [{"a.x": 1, "a.y.z": "a"}, {"a.x": 2, "a.y.z": "b"}]


@pytest.mark.parametrize("cells", [[[1, 2], [3]], [[("k", 1)], []]])
def test_parquet_lists_and_maps_are_refused_by_column(cells: list[Any], tmp_path: Path) -> None:
    kind = pa.map_(pa.string(), pa.int64()) if cells[-1] == [] else pa.list_(pa.int64())
    pq.write_table(pa.table({"b": pa.array(cells, kind)}), tmp_path / "d.parquet")
    with pytest.raises(UnreadableData, match=r"d\.parquet: column 'b' holds (list|map)"):
        list(read_table(tmp_path / "d.parquet"))


def test_an_empty_part_of_a_folder_is_distinguished(tmp_path: Path) -> None:
    (tmp_path / "part-0").write_text("a\n1\n")
    (tmp_path / "part-1").touch()
    (tmp_path / "_SUCCESS").touch()
    full, empty = tables_of(tmp_path)
    assert ([p.name for p in full], [p.name for p in empty]) == (["part-0"], ["part-1"])
    (tmp_path / "part-0").unlink()
    with pytest.raises(UnreadableData, match="part-1 is empty"):
        tables_of(tmp_path)
