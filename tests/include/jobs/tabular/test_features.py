"""Raw records become the numbers that a model sees, or a refusal that names the column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.jobs.tabular.features import model_fn, transform_fn
from include.jobs.tabular.responses import Refusal
from tests.include.jobs.tabular.houses import ENCODED, MEDIANS, RECORD, SCHEMA

JSON, LINES, CSV = "application/json", "application/jsonlines", "text/csv"
ROW = "12.5,4,yes,Bern,1\n"


def features(body: str | bytes, content_type: str, tmp_path: Path) -> tuple[str, str] | Refusal:
    document = {"schema": SCHEMA.document, "medians": MEDIANS}
    (tmp_path / "preprocessing.json").write_text(json.dumps(document))
    return transform_fn(model_fn(str(tmp_path)), body, content_type, "application/json")


@pytest.mark.parametrize(
    ("body", "content_type", "lines"),
    [
        pytest.param(ROW, CSV, 1, id="one row"),
        pytest.param(ROW.encode() * 2, "text/csv; charset=utf-8", 3, id="two rows, as bytes"),
        pytest.param(f"{','.join(RECORD)}\n{ROW}", CSV, 1, id="with a header"),
        pytest.param(
            "town,price,rooms,garden,zone\r\nBern,12.5,4,yes,1\r\n", CSV, 1, id="in another order"
        ),
        pytest.param(json.dumps(RECORD), JSON, 1, id="an object"),
        pytest.param(json.dumps(RECORD | {"id": "7"}), JSON, 1, id="an object with its key"),
        pytest.param(json.dumps([RECORD]), JSON, 2, id="a list of one"),
        pytest.param(json.dumps([RECORD] * 3), JSON, 4, id="a list of three"),
        pytest.param(f"{json.dumps(RECORD)}\n" * 2, LINES, 3, id="JSON Lines"),
        pytest.param(f"\n{json.dumps(RECORD)}\n", LINES, 1, id="one JSON line"),
        pytest.param(json.dumps(RECORD | {"zone": 1, "price": "12.5"}), JSON, 1, id="types"),
    ],
)
def test_each_form_of_a_record_gives_the_same_numbers(
    body: str | bytes, content_type: str, lines: int, tmp_path: Path
) -> None:
    """More than one line, and a list, end with a repetition that `answers` takes off."""
    assert features(body, content_type, tmp_path) == (f"{ENCODED}\n" * lines, CSV)


@pytest.mark.parametrize(
    ("body", "content_type", "status", "sentence"),
    [
        (json.dumps({"price": 1}), JSON, 400, "The record lacks column 'rooms'"),
        (f"{ROW}dear,4,yes,Bern,1", CSV, 400, "Record 2: Column 'price': 'dear' is not a number."),
        ("x", "text/html", 415, "Content type 'text/html' is not supported."),
    ],
    ids=["columns", "values", "type"],
)
def test_a_refusal_has_a_status_and_names_what_is_wrong(
    body: str, content_type: str, status: int, sentence: str, tmp_path: Path
) -> None:
    refusal = features(body, content_type, tmp_path)
    assert isinstance(refusal, Refusal)
    assert (refusal.status.value, sentence in refusal.sentence) == (status, True), refusal.sentence
