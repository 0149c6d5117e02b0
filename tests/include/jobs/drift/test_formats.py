"""The format of a file, by its content and not by its name."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.formats import encoding_of, format_of, is_data, separator_of

TEXT = "id;amount\n1;2,5\n2;3,5\n"


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        (TEXT, ";"),
        ("id\tname\n1\ta,b\n2\tc,d\n", "\t"),
        ("id|x\n1|2\n", "|"),
        ("id\x01x\n1\x012\n", "\x01"),
        ('id,"a;b"\n1,"2;3"\n', ","),
        ("id,x\n1,2\n1\n", ","),
        ("name\na;b\nc\n", ","),
        ("only\n1\n", ","),
        ("a;b\n", ";"),
        ("", ","),
    ],
)
def test_the_separator_parts_header_and_rows_alike(text: str, separator: str) -> None:
    assert separator_of(text) == separator


def test_without_a_header_the_rows_have_a_known_width() -> None:
    assert separator_of("1;2,5;a\n2;3,5;b\n", 3) == ";"
    assert separator_of("1;2,5;x,y\n", 1) == ","


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
        (b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"), "utf-32"),
        (b"", "utf8"),
    ],
)
def test_two_bytes_for_a_letter_are_seen(data: bytes, encoding: str) -> None:
    assert encoding_of(data) == encoding


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_what_is_compressed_need_not_be_called_so(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / "part-0").write_bytes(pack(TEXT.encode()))
    assert format_of(tmp_path / "part-0").first_row == ["id", "amount"]


def test_a_line_for_excel_names_the_separator(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\n" + TEXT)
    assert format_of(tmp_path / "a.csv").first_row == ["id", "amount"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04" + bytes(9), "an Excel workbook or a ZIP archive"),
        (b"ORC" + bytes(9), "an ORC file"),
        (b"Obj\x01" + bytes(9), "an Avro file"),
        (b"[1, 2]", "JSON"),
        (gzip.compress(b'{"a": 1}'), "JSON"),
        (gzip.compress(b"PAR1" + bytes(9)), "a compressed Parquet file"),
        (b"a,b\n\x00\x01\n", "a binary file"),
        (gzip.compress(TEXT.encode() * 9)[:-9], "no readable gzip file"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_bytes(data)
    with pytest.raises(UnreadableData, match=rf"d\.csv is {kind}"):
        format_of(tmp_path / "d.csv")


def test_files_that_only_mark_something_are_no_data(tmp_path: Path) -> None:
    for name in ("_SUCCESS", ".part-0.crc", "a.manifest", "part-0", "A.CSV"):
        (tmp_path / name).write_text(TEXT)
    assert sorted(p.name for p in tmp_path.iterdir() if is_data(p)) == ["A.CSV", "part-0"]
