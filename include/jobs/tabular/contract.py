"""Say what a model takes and answers, in the contract.json of its baseline."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..drift.contracts import CONTRACT
from .schema import STATED, Schema

UNLABELLED = "(unlabelled)"  # the label's name where a file has none


def contract_document(schema: Schema) -> dict[str, Any]:
    """Return the contract of the models of *schema*, with all that decides its digest."""
    stated = schema.document
    return {
        "contract": schema.contract,
        "digest": schema.digest,
        "key": schema.key,
        "inputs": [*schema.inputs],
        "personal": stated["personal"],
        **{name: stated[name] for name in STATED},
    }


def served_schema(schema: Schema, baseline: Path) -> Schema:
    """Return the schema of the records of a model, which may be of an older contract than *schema*.

    The model's contract.json lies in *baseline*.
    """
    document = json.loads((baseline / CONTRACT).read_text())
    served = Schema.of(
        {
            **{name: document[name] for name in STATED},
            "key": schema.key,
            "label": UNLABELLED,
            "personal": [],
        }
    )
    personal = tuple(name for name in schema.personal if name in served.raw_columns)
    return replace(served, personal=personal)
