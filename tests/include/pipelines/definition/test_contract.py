"""The contract of a model: its columns in order, their values, and a record that it takes."""

from __future__ import annotations

import json
from dataclasses import replace

from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.schema import Schema
from include.pipelines.definition.contract import CATEGORY, FLAG, NUMBER, Contract

SCHEMA = Schema(
    key="id",
    label="churned",
    labels={"no": 0, "yes": 1},
    numbers=("age",),
    flags=("roaming",),
    categories={"plan": ("basic", "gold")},
)


def contract(schema: Schema = SCHEMA) -> Contract:
    document = json.loads(json.dumps(contract_document(schema)))  # as it is read from S3
    return Contract.of(document)


def test_columns_are_in_the_order_of_a_record() -> None:
    one = contract()
    assert [*one.kinds.items()] == [("age", NUMBER), ("roaming", FLAG), ("plan", CATEGORY)]
    assert tuple(one.kinds) == SCHEMA.inputs
    assert (one.values, one.classes) == ({"plan": ("basic", "gold")}, {"no": 0, "yes": 1})


def test_the_digest_is_that_of_inputs_and_classes() -> None:
    assert contract(replace(SCHEMA, key="customer", personal=("age",))) == contract()
    wider = replace(SCHEMA, categories={"plan": ("basic", "gold", "platinum")})
    assert contract(wider).digest != contract().digest
    assert contract(replace(SCHEMA, labels=None)).classes is None


def test_columns_with_a_vocabulary_are_described_with_their_values() -> None:
    assert contract().described() == {
        "age": {"description": NUMBER},
        "roaming": {"description": FLAG, "examples": ["no", "yes"]},
        "plan": {"description": CATEGORY, "examples": ["basic", "gold"]},
    }


def test_the_record_of_a_test_request_has_a_known_value_in_each_column() -> None:
    record = json.loads(contract().record())
    assert record == {"age": 10, "roaming": "no", "plan": "basic"}
    assert tuple(record) == SCHEMA.inputs
