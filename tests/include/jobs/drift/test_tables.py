"""Tables: CSV and Parquet files, read as they are or refused with file, column and row."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    (b"minutes,minutes,plan\n1,2,a\n", "d.csv has the columns ['minutes'] more than once"),
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
