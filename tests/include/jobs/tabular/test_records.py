"""The records of a request in the order of the schema's inputs, or a refusal with the remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from include.jobs.tabular.encoding import RecordError
from include.jobs.tabular.records import CSV, JSON, LINES, UnsupportedType, read_records
from tests.include.jobs.tabular.houses import RECORD, SCHEMA

ROW = "12.5,4,yes,Bern,1\n"
TEXTS = ["12.5", "4", "yes", "Bern", "1"]
VALUES = [*RECORD.values()]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in RECORD.items() if key != name}


def test_a_header_orders_the_cells_of_csv() -> None:
    reordered = "\ufefftown, price ,rooms,garden,zone\r\nBern,12.5,4,yes,1\r\n\r\n"
    for body in (reordered, reordered.encode()):
        records = read_records(SCHEMA, body, "Text/CSV; charset=utf-8")
        assert (records.rows, records.alone) == ([TEXTS], True)


def test_a_quoted_cell_may_hold_a_comma_and_a_line() -> None:
    (row,) = read_records(SCHEMA, '1,2,yes,"Bern, BE\nCH",1', CSV).rows
    assert row[3] == "Bern, BE\nCH"


def test_values_of_json_stay_as_they_are_in_any_order_and_the_key_is_ignored() -> None:
    record = dict(reversed({"id": 7, **RECORD, "rooms": None}.items()))
    (row,) = read_records(SCHEMA, json.dumps(record), JSON).rows
    assert row == [12.5, None, "yes", "Bern", "1"]


@pytest.mark.parametrize("kind", LINES)
def test_empty_json_lines_are_skipped(kind: str) -> None:
    records = read_records(SCHEMA, f"\n{json.dumps(RECORD)}\n\n{json.dumps(RECORD)}", kind)
    assert (records.rows, records.alone) == ([VALUES, VALUES], False)


def test_one_record_is_alone_unless_it_is_in_a_list() -> None:
    document = json.dumps(RECORD)
    forms = ((ROW, CSV), (document, JSON), (document, LINES[0]), (f"[{document}]", JSON))
    alone = [read_records(SCHEMA, body, kind).alone for body, kind in forms]
    assert alone == [True, True, True, False]


REFUSALS: dict[str, tuple[str | bytes, str]] = {
    "The record lacks column 'rooms'.": (json.dumps(without("rooms")), JSON),
    "Record 2 has an unknown column 'romms' (did you mean 'rooms'?), and lacks column 'rooms'.": (
        json.dumps([RECORD, without("rooms") | {"romms": 4}]),
        JSON,
    ),
    "The record has an unknown column 'x'.": (json.dumps(RECORD | {"x": 1}), JSON),
    "column 'sold', which the model predicts": (json.dumps(RECORD | {"sold": "no"}), JSON),
    "lacks column 'garden'": ('{"price": 1e999}', JSON),
    "Row 2 has 2 values, and a record has 5. Send price, rooms,": (f"{ROW}12.5,4", CSV),
    "The header has an unknown column 'gardn' (did you mean 'garden'?)": (
        f"price,rooms,gardn,town,zone\n{ROW}",
        CSV,
    ),
    "has a header and no record": ("price,rooms,garden,town,zone\n", CSV),
    "'zone', and has column 'town' twice": ("price,rooms,garden,town,town\n", CSV),
    "The body is not CSV: field larger than field limit": (f'"{"x" * 200_000}",4\n', CSV),
    "The body is empty.": ("", CSV),
    "The body is empty. Send at least one record.": (" \n", LINES[0]),
    "The list is empty.": ("[]", JSON),
    "Record 1 is not a JSON object.": ("[1]", JSON),
    "The body is not a JSON object.": ("1", JSON),
    "The body is not JSON.": ("[" * 100_000, JSON),
    "Line 2 is not JSON (column 2).": (f"{json.dumps(RECORD)}\n{{", LINES[0]),
    "The body is not UTF-8.": (b"\xff\xfe", CSV),
}


@pytest.mark.parametrize("sentence", REFUSALS)
def test_a_refusal_names_what_is_wrong(sentence: str) -> None:
    body, content_type = REFUSALS[sentence]
    with pytest.raises(RecordError) as refused:
        read_records(SCHEMA, body, content_type)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_content_type_without_records_is_refused_with_those_that_have_some() -> None:
    with pytest.raises(UnsupportedType, match=f"Send {CSV}, {JSON} or {LINES[0]}"):
        read_records(SCHEMA, "x", "text/html")
