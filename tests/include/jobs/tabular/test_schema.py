"""A schema: refused where it contradicts itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from include.jobs.tabular.encoding import Encoder, RecordError
from include.jobs.tabular.lines import Lines
from include.jobs.tabular.schema import Schema, SchemaError
from tests.include.jobs.tabular.houses import SCHEMA as HOUSES

SCHEMA = Schema(
    key="id",
    label="sold",
    labels={"no": 0, "yes": 1},
    numbers=("price", "rooms"),
    flags=("garden",),
    categories={"town": ("Ulm", "Bern")},
)


def labels_of(schema: Schema, *cells: str) -> list[str]:
    lines = Lines(schema, {}, (), ())
    labels: list[str] = lines.labels({schema.label: pa.array(cells)}).to_pylist()
    return labels


def test_features_and_targets_have_the_schemas_order() -> None:
    assert SCHEMA.features == ("price", "rooms", "garden", "town_Ulm", "town_Bern")
    assert labels_of(SCHEMA, "yes") == ["1"]


def test_a_label_without_classes_is_the_number_itself() -> None:
    regression = Schema(key="id", label="price", numbers=("rooms",))
    assert labels_of(regression, "99.5") == ["99.5"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"numbers": ("a", "a")}, "Column 'a' is in the schema twice"),
        ({"numbers": ("label",)}, "Column 'label' is in the schema twice"),
        ({}, "no column to learn from"),
        ({"numbers": ("a",), "labels": {"no": 1, "yes": 2}}, "Number the classes 0, 1"),
        ({"numbers": ("a",), "personal": ("b",)}, "Column 'b' is marked personal, and is not in"),
    ],
)
def test_what_contradicts_itself_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SchemaError, match=sentence):
        Schema(key="key", label="label", **given)


def test_an_error_quotes_no_personal_value() -> None:
    marked = Encoder(replace(SCHEMA, personal=("price", "garden")), {})
    with pytest.raises(RecordError, match="Column 'price': a hidden value is not a number") as one:
        marked.line(["canary", "2", "yes", "Bern"])
    with pytest.raises(RecordError, match="Column 'garden': a hidden value is not an allow") as two:
        marked.line(["1", "2", "canary", "Bern"])
    assert "canary" not in f"{one.value}{two.value}"
    assert one.value.__suppress_context__  # of the ValueError, which quotes the cell
    with pytest.raises(RecordError, match="'canary' is not a number"):
        Encoder(SCHEMA, {}).line(["canary", "2", "yes", "Bern"])


def test_a_schema_survives_its_document() -> None:
    document = json.loads(json.dumps(HOUSES.document))
    assert Schema.of(document) == HOUSES
    assert Schema.of(document).digest == HOUSES.digest
    regression = Schema(key="id", label="price", numbers=("rooms",))
    assert Schema.of(regression.document) == regression


def test_a_contract_covers_what_a_model_takes_and_answers() -> None:
    assert HOUSES.inputs == ("price", "rooms", "garden", "town", "zone")
    renamed = replace(HOUSES, key="number", label="bought", personal=("price",))
    assert (renamed.contract, renamed.digest == HOUSES.digest) == (HOUSES.contract, False)
    for other in (
        replace(HOUSES, numbers=("rooms", "price")),
        replace(HOUSES, categories={"town": ("Bern", "Ulm"), "zone": ("1", "2")}),
        replace(HOUSES, labels={"no": 1, "yes": 0}),
    ):
        assert other.contract != HOUSES.contract
