"""Payloads of captured requests and answers, in every form that servers and clients use."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from include.jobs.drift.payloads import Payload, decode, is_empty, predictions
from tests.include.jobs.drift.data import (
    record,
    refused,
    rows,
    write_capture,
)

BINARY = base64.b64encode(b"\x80\x81\xff").decode()


CAPTURES = [
    (record("1,2,a")[:50], "x.jsonl line 121 is not a capture record"),
    (record("1,2"), "x.jsonl line 121: 2 values where the baseline has 3 columns"),
    (record(json.dumps({"instances": [[1, 2]]}), encoding="JSON"), "line 121: 2 values"),
    (record("{no json", encoding="JSON"), "line 121: its JSON payload is neither CSV nor JSON"),
    (record("[[1, 2, 3], 4]", encoding="JSON"), "line 121: 4 is no row"),
    (record(BINARY, encoding="BASE64"), "line 121: its BASE64 payload is neither"),
    ("caf\xe9", "x.jsonl is not UTF-8"),
]


@pytest.mark.parametrize(("line", "sentence"), CAPTURES)
def test_captures(line: str, sentence: str, baseline: Path, tmp_path: Path) -> None:
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(120, 2)])
    (file,) = folder.rglob("*.jsonl")
    file.write_bytes(file.read_bytes() + line.encode("latin-1"))
    assert sentence in refused(folder, baseline, tmp_path / "out")


def read(
    data: str, encoding: str = "JSON", names: list[str] | None = None
) -> list[dict[str, object]]:
    """Return the rows of one payload."""
    batches = decode("x.jsonl", [Payload(1, encoding, data)], names)
    return [row for batch in batches for row in batch.to_pylist()]


AB = ["a", "b"]
TEXTS = [
    ("[1, 2]\n[3, 4]\n", "JSON"),
    ('{"a": 1, "b": 2}\n\n{"a": 3, "b": 4}', "JSON"),
    ("[[1, 2], [3, 4]]", "CSV"),
    ("\ufeff1,2\n3,4", "CSV"),
    ("a,b\n1,2\n3,4\n", "CSV"),
    ('"a", "b"\r\n1,2\r\n3,4\r\n', "CSV"),
    (base64.b64encode(b"\xef\xbb\xbf[1, 2]\n[3, 4]").decode(), "BASE64"),
    (base64.b64encode(b"\xef\xbb\xbfa,b\n1,2\n3,4").decode(), "BASE64"),
]


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
def test_lines_marks_and_headers_of_a_payload(text: str, encoding: str) -> None:
    cells = [[float(str(cell)) for cell in row.values()] for row in read(text, encoding, AB)]
    assert cells == [[1, 2], [3, 4]]


def test_answers_are_called_predictions() -> None:
    assert predictions(1) == ["prediction"]
    assert read("0.5", "CSV") == [{"prediction": "0.5"}]
    assert read('{"predictions": [[0.25, 0.75]]}') == [{"prediction_0": 0.25, "prediction_1": 0.75}]
    assert read("0.1,0.2\n0.3", "CSV") == [{"prediction": c} for c in ("0.1", "0.2", "0.3")]


def test_base64_holds_csv_or_json() -> None:
    for text in ("1,2", "[1, 2]"):
        (row,) = read(base64.b64encode(text.encode()).decode(), "BASE64", AB)
        assert [float(str(cell)) for cell in row.values()] == [1, 2]


def test_members_of_members_and_of_lists_are_columns_of_their_own() -> None:
    assert read('{"a": {"x": 1, "y": [2, "z"]}, "b": true}') == [
        {"a.x": 1, "a.y_0": 2, "a.y_1": "z", "b": "true"}
    ]


@pytest.mark.parametrize(
    "data", ["", " \n", "[]", "{}", "null", "[[]]", '""', '{"predictions": []}', '{"x": null}']
)
def test_a_payload_without_a_row_is_empty(data: str) -> None:
    assert is_empty(Payload(1, "JSON", data))
    assert is_empty(Payload(1, "BASE64", base64.b64encode(data.encode()).decode()))


@pytest.mark.parametrize("data", ["0", "[0]", '{"predictions": [0]}', "null,1", '{"x": ""}'])
def test_a_payload_with_a_value_is_not_empty(data: str) -> None:
    assert not is_empty(Payload(1, "JSON", data))


def test_a_header_in_another_order_is_read_by_its_names() -> None:
    names = ["minutes", "calls", "plan"]
    body = 'plan,minutes,calls\n"a,b",1,2\nb,3,4\n'
    assert read(body, names=names, encoding="CSV") == [
        {"minutes": "1", "calls": "2", "plan": "a,b"},
        {"minutes": "3", "calls": "4", "plan": "b"},
    ]
