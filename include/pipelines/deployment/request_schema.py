"""Derive the JSON schema of a request from what a model takes, for the API in front of it."""

from __future__ import annotations

from collections.abc import Sequence

from prodml.vocabulary import Json

from include.jobs.tabular.schema import FLAGS
from include.pipelines.definition.contract import CATEGORY, FLAG, Contract

DRAFT = "http://json-schema.org/draft-04/schema#"
# A number may be text, as in a CSV file; an empty one is imputed.
NUMBER: Json = {
    "type": ["number", "string", "null"],
    "pattern": r"^\s*([-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?)?\s*$",
}


def request_schema(contract: Contract, key: str) -> Json:
    """Return the schema of one record, or a list of records, of exactly the model's columns.

    :param key: The column that identifies a row, which a record may have.
    """
    columns = {name: _column(contract, name, kind) for name, kind in contract.kinds.items()}
    record = {
        "type": "object",
        "properties": columns | {key: {}},
        "required": list(columns),
        "additionalProperties": False,
    }
    one = {"$ref": "#/definitions/record"}
    return {
        "$schema": DRAFT,
        "title": "One record, or a list of records",
        "definitions": {"record": record},
        "anyOf": [one, {"type": "array", "minItems": 1, "items": one}],
    }


def _column(contract: Contract, name: str, kind: str) -> Json:
    if kind == FLAG:
        return {"enum": list(FLAGS)}
    return {"enum": _values(contract.values[name])} if kind == CATEGORY else NUMBER


def _values(texts: Sequence[str]) -> list[str | int]:
    """Return a vocabulary with the numbers that stand for its texts of digits."""
    numbers = [int(text) for text in texts if text.isdecimal() and str(int(text)) == text]
    return [*texts, *numbers]
