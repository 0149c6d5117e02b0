"""The contract of a model, and the schema that it gives for new records."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from include.jobs.tabular.contract import UNLABELLED, contract_document, served_schema
from tests.include.jobs.tabular.houses import SCHEMA


def written(folder: Path, document: object) -> Path:
    (folder / "contract.json").write_text(json.dumps(document))
    return folder


def test_a_contract_states_what_a_model_takes_and_answers() -> None:
    document = contract_document(SCHEMA)
    assert document["inputs"] == ["price", "rooms", "garden", "town", "zone"]
    assert document["labels"] == [["no", 0], ["yes", 1]]
    assert (document["contract"], document["digest"]) == (SCHEMA.contract, SCHEMA.digest)


def test_records_have_the_columns_of_the_model_and_todays_key(tmp_path: Path) -> None:
    older = replace(SCHEMA, key="number", numbers=("rooms",), categories={"town": ("Bonn",)})
    served = served_schema(SCHEMA, written(tmp_path, contract_document(older)))
    assert served.raw_columns == ("id", "town", "garden", "rooms", UNLABELLED)
    assert served.vocabulary("town") == ("Bonn",)
    assert served.contract == older.contract


def test_a_column_is_personal_if_it_is_today(tmp_path: Path) -> None:
    older = replace(SCHEMA, numbers=("rooms",), personal=("rooms",))
    today = replace(SCHEMA, personal=("price", "town"))
    served = served_schema(today, written(tmp_path, contract_document(older)))
    assert served.personal == ("town",)
