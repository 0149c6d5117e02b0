"""Samples are read by their content; what cannot be read is refused with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from include.new_pipeline.errors import SampleError
from include.new_pipeline.guesses import guesses
from include.new_pipeline.sample import read
from tests.include.new_pipeline.samples import BINARY, as_csv, written


def test_parquet_has_types_of_its_own(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "sample.parquet"
    columns = {
        "id": list(range(60)),
        "amount": [n / 3 if n % 4 else None for n in range(60)],
        "active": [n % 3 == 0 for n in range(60)],
        "outcome": [n % 2 == 0 for n in range(60)],
    }
    pq.write_table(pa.table(columns), path)
    made = guesses(read(path), "outcome", None, None)
    assert (made.schema.numbers, made.schema.flags) == (("amount",), ("active",))
    assert made.labels == {"false": 0, "true": 1}


def test_parquet_without_rows_is_refused(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"id": pa.array([], pa.int64())}), tmp_path / "sample.parquet")
    with pytest.raises(SampleError, match=r"sample\.parquet has no rows"):
        read(tmp_path / "sample.parquet")


def test_a_packed_file_is_read_by_its_content(tmp_path: Path) -> None:
    packed = written(tmp_path / "sample.gz", BINARY)
    assert read(packed.rename(tmp_path / "sample.csv")).columns == BINARY


def test_byte_order_mark_and_empty_lines_are_no_data(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(b"\xef\xbb\xbfid,x\r\n1,2\r\n\r\n3,4\r\n")
    sample = read(path)
    assert (sample.columns, sample.rows) == ({"id": ["1", "3"], "x": ["2", "4"]}, 2)


Change = Callable[[str], str]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace(",", ";"), "is separated by ';'. Export it again with commas"),
        (lambda text: "\n".join(["1,2,0"] * 9), "begins with numbers, 1, 2, 0, where its header"),
        (lambda text: text.replace("region", ""), "has a column without a name, number 4"),
        (lambda text: text.replace("region", "paid"), "has column 'paid' twice"),
        (lambda text: text + "L999,1\n", "line 62: 2 cells, and the header has 6"),
        (lambda text: text.partition("\n")[0] + "\n", "has no rows below its header"),
        (lambda text: text + '"open', "is not CSV: unexpected end of data"),
        (lambda text: "", "is empty"),
    ],
)
def test_text_that_is_no_table_is_refused(change: Change, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(change(as_csv(BINARY)))
    with pytest.raises(SampleError) as refused:
        read(path)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,name\n1,M\xfcller\n", "is not UTF-8"),
        (b"\x1f\x8bnot packed", "is not CSV"),
        (b"PAR1 no table", "is not Parquet"),
        (None, "cannot be read: No such file or directory. Correct the path."),
    ],
    ids=["latin-1", "gzip", "parquet", "missing"],
)
def test_file_that_cannot_be_read_is_refused(
    content: bytes | None, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "sample.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SampleError) as refused:
        read(path)
    assert sentence in str(refused.value)
