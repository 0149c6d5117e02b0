"""Raw records become the numbers that a model sees, or a refusal that names the column."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from include.jobs.tabular.archive import archive, write_archive
from include.jobs.tabular.features import model_fn, transform_fn
from include.jobs.tabular.responses import Refusal
from include.jobs.tabular.schema import Schema

SCHEMA = Schema(
    key="id",
    label="sold",
    labels={"no": 0, "yes": 1},
    numbers=("price", "rooms"),
    flags=("garden",),
    categories={"town": ("Ulm", "Bern"), "zone": ("1", "2")},
)
MEDIANS = {"price": 100.5, "rooms": 3.0}
RECORD = {"price": 12.5, "rooms": 4, "garden": "yes", "town": "Bern", "zone": "1"}
ENCODED = "12.5,4,1,0,1,1,0"
JSON, LINES, CSV = "application/json", "application/jsonlines", "text/csv"
ROW = "12.5,4,yes,Bern,1\n"


def features(
    body: str | bytes, content_type: str, tmp_path: Path, schema: Schema = SCHEMA
) -> tuple[str, str] | Refusal:
    document = {"schema": schema.document, "medians": MEDIANS}
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


def test_an_empty_number_becomes_the_median(tmp_path: Path) -> None:
    assert features(",,no,Ulm,2\n", CSV, tmp_path) == ("100.5,3,0,1,0,0,1\n", CSV)
    given = json.dumps(RECORD | {"price": None})
    assert features(given, JSON, tmp_path) == (f"100.5{ENCODED.removeprefix('12.5')}\n", CSV)


def test_large_numbers_are_not_rounded(tmp_path: Path) -> None:
    answer = features("1234567.0,123456.5,no,Ulm,2\n1e-7,.1,no,Ulm,2", CSV, tmp_path)
    assert isinstance(answer, tuple)
    first, second, _ = answer[0].splitlines()
    assert (first, second) == ("1234567,123456.5,0,1,0,0,1", "1e-07,0.1,0,1,0,0,1")


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in RECORD.items() if key != name}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "sentence"),
    [
        (json.dumps(without("rooms")), JSON, 400, "The record lacks column 'rooms'."),
        (
            json.dumps([RECORD, without("rooms") | {"romms": 4}]),
            JSON,
            400,
            "Record 2 has an unknown column 'romms' (did you mean 'rooms'?), and lacks column "
            "'rooms'.",
        ),
        (json.dumps(RECORD | {"x": 1}), JSON, 400, "The record has an unknown column 'x'."),
        (json.dumps(RECORD | {"sold": "no"}), JSON, 400, "column 'sold', which the model predicts"),
        (json.dumps(RECORD | {"price": "dear"}), JSON, 400, "Column 'price': 'dear' is not a num"),
        (json.dumps(RECORD | {"price": "1_0"}), JSON, 400, "Column 'price': '1_0' is not a number"),
        (json.dumps(RECORD | {"price": [1]}), JSON, 400, "Column 'price': '[1]' is not a number"),
        (json.dumps(RECORD | {"price": True}), JSON, 400, "Column 'price': 'True' is not a num"),
        ('{"price": 1e999}', JSON, 400, "lacks column 'rooms'"),
        (json.dumps(RECORD).replace("12.5", "NaN"), JSON, 400, "Column 'price': 'nan' is not a"),
        (json.dumps(RECORD | {"town": "Rom"}), JSON, 400, "'Rom' is not an allowed value (Ulm, Be"),
        (
            json.dumps(RECORD | {"garden": True}),
            JSON,
            400,
            "'garden': 'True' is not an allowed",
        ),
        (f"{ROW}dear,4,yes,Bern,1", CSV, 400, "Record 2: Column 'price': 'dear' is not a number."),
        (f"{ROW}12.5,4", CSV, 400, "Row 2 has 2 values, and a record has 5. Send price, rooms,"),
        (
            f"price,rooms,gardn,town,zone\n{ROW}",
            CSV,
            400,
            "The header has an unknown column 'gardn' (did you mean 'garden'?)",
        ),
        ("price,rooms,garden,town,zone\n", CSV, 400, "has a header and no record"),
        ("price,rooms,garden,town,town\n", CSV, 400, "'zone', and has column 'town' twice"),
        ("", CSV, 400, "The body is empty."),
        ("[]", JSON, 400, "The list is empty."),
        ("[1]", JSON, 400, "Record 1 is not a JSON object."),
        ("[" * 100_000, JSON, 400, "The body is not JSON"),
        (f"{json.dumps(RECORD)}\n{{", LINES, 400, "Line 2 is not JSON (column 2)."),
        (b"\xff\xfe", CSV, 400, "The body is not UTF-8."),
        ("x", "text/html", 415, "Content type 'text/html' is not supported."),
    ],
)
def test_a_refusal_names_what_is_wrong(
    body: str | bytes, content_type: str, status: int, sentence: str, tmp_path: Path
) -> None:
    refusal = features(body, content_type, tmp_path)
    assert isinstance(refusal, Refusal)
    assert (refusal.status.value, sentence in refusal.sentence) == (status, True), refusal.sentence
    assert refusal.sentence.endswith(".")


def test_a_refusal_is_a_wsgi_application() -> None:
    started: list[object] = []
    refusal = Refusal(HTTPStatus.BAD_REQUEST, "No.")
    body = refusal({}, lambda status, headers: started.append((status, dict(headers))))
    kind = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "4"}
    assert (body, started) == ([b"No.\n"], [("400 Bad Request", kind)])


def test_a_refusal_shows_no_personal_value(tmp_path: Path) -> None:
    personal = replace(SCHEMA, personal=("price", "town"))
    for record in (RECORD | {"price": "canary"}, RECORD | {"town": "canary"}):
        refusal = features(json.dumps(record), JSON, tmp_path, personal)
        assert isinstance(refusal, Refusal)
        assert "a hidden value is not a" in refusal.sentence
        assert "canary" not in refusal.sentence


def test_the_archive_is_the_same_for_the_same_schema_and_medians(tmp_path: Path) -> None:
    assert archive(SCHEMA, MEDIANS) == archive(SCHEMA, dict(reversed(MEDIANS.items())))
    assert archive(SCHEMA, MEDIANS) != archive(SCHEMA, MEDIANS | {"rooms": 4.0})
    write_archive(SCHEMA, MEDIANS, tmp_path / "preprocessing" / "model.tar.gz")
    packed = (tmp_path / "preprocessing" / "model.tar.gz").read_bytes()
    with tarfile.open(fileobj=BytesIO(gzip.decompress(packed))) as tar:
        members = tar.getmembers()
    assert {(member.mtime, member.uname, member.uid) for member in members} == {(0, "", 0)}
    assert [m.name for m in members] == sorted(m.name for m in members)


def test_a_schema_survives_its_document() -> None:
    document = json.loads(json.dumps(SCHEMA.document))
    assert Schema.of(document) == SCHEMA
    assert Schema.of(document).digest == SCHEMA.digest
    regression = Schema(key="id", label="price", numbers=("rooms",))
    assert Schema.of(regression.document) == regression


def test_a_contract_covers_what_a_model_takes_and_answers() -> None:
    assert SCHEMA.inputs == ("price", "rooms", "garden", "town", "zone")
    renamed = replace(SCHEMA, key="number", label="bought", personal=("price",))
    assert (renamed.contract, renamed.digest == SCHEMA.digest) == (SCHEMA.contract, False)
    for other in (
        replace(SCHEMA, numbers=("rooms", "price")),
        replace(SCHEMA, categories={"town": ("Bern", "Ulm"), "zone": ("1", "2")}),
        replace(SCHEMA, labels={"no": 1, "yes": 0}),
    ):
        assert other.contract != SCHEMA.contract


def test_the_programs_of_the_archive_need_nothing_but_python(tmp_path: Path) -> None:
    """They start in milliseconds, under network isolation, in any version of the image."""
    with tarfile.open(fileobj=BytesIO(gzip.decompress(archive(SCHEMA, MEDIANS)))) as tar:
        tar.extractall(tmp_path, filter="data")
    for program in ("features", "answers"):
        code = f"import {program}; {program}.model_fn({str(tmp_path)!r}); {program}.transform_fn"
        command = [sys.executable, "-S", "-c", code]  # without the packages that are installed here
        ended = subprocess.run(
            command, cwd=tmp_path / "code", env={}, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
