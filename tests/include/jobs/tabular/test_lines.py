"""Lines of CSV have the numbers that an endpoint makes of the same records."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pyarrow as pa

from include.jobs.tabular.encoding import Encoder
from include.jobs.tabular.lines import LINE, Lines, quoted
from include.jobs.tabular.schema import Schema
from tests.include.jobs.tabular.window_files import OLDER, SCHEMA, cells


def test_rows_are_encoded_as_an_endpoint_encodes_records(data_sets: Path) -> None:
    document = json.loads((data_sets / "baseline" / "statistics.json").read_text())
    assert document["dataset"]["item_count"] == len(OLDER)
    train = cells(data_sets / "train")
    known = {row["spent"]: row for row in OLDER}
    ages = [float(a) for row in train if (a := known[row[2]]["age"])]
    medians = {"age": statistics.median(ages), "spent": 0.0}
    encoder = Encoder(SCHEMA, medians)
    for row in train:
        line = encoder.line([known[row[2]][name] for name in SCHEMA.inputs])
        assert [*map(float, row[1:])] == [*map(float, line.split(","))]


BLOCK = {
    "age": pa.array(["41", "", " 7"]),
    "spent": pa.array([1.5, None, 2.0]),
    "member": pa.array(["yes", "no", "no"]),
    "city": pa.array(["Zug", "Genève, GE", "Bern"]),
    "bought": pa.array(["yes", "no", "no"]),
}


def test_features_have_medians_for_empty_cells() -> None:
    lines = Lines(SCHEMA, {"age": 30.25, "spent": 9.0}, ["age"], ["age", "spent"])
    assert lines.features(BLOCK).to_pylist() == ["41,1.5,1,0,0,1", "30.25,9,0,0,1,0", "7,2,0,1,0,0"]


def test_records_quote_their_cells_and_keep_empty_ones() -> None:
    records = Lines(SCHEMA, {}, ["age"], ["age", "spent"]).records(BLOCK)
    assert records.to_pylist() == ["41,1.5,yes,Zug", ',,no,"Genève, GE"', "7,2,no,Bern"]


def test_a_record_that_is_one_empty_cell_is_not_an_empty_line() -> None:
    one = Lines(Schema(key="id", label="price", numbers=("age",)), {}, ["age"], ["age"])
    assert one.records(BLOCK).to_pylist() == ["41", '""', "7"]


def test_labels_are_the_numbers_of_their_classes() -> None:
    assert Lines(SCHEMA, {}, (), ()).labels(BLOCK).to_pylist() == ["1", "0", "0"]


def test_of_wide_records_fewer_lines_are_made_at_once() -> None:
    wide = Schema(key="id", label="price", numbers=tuple(f"n{n}" for n in range(128)))
    assert Lines(wide, {}, (), ()).rows_at_once == LINE // (16 * 128)
    assert Lines(SCHEMA, {}, (), ()).rows_at_once > 100_000


def test_cells_are_quoted_where_a_reader_needs_it() -> None:
    assert [quoted([text]) for text in ("a", "", 'b"c', "d,e")] == ["a", "", '"b""c"', '"d,e"']
