"""Say what a model takes and answers, in the contract.json of its baseline."""

from __future__ import annotations

from typing import Any

from .schema import Schema

STATED = ("numbers", "flags", "categories", "labels")


def contract_document(schema: Schema) -> dict[str, Any]:
    """Return the contract of the models of *schema*, with all that decides its digest."""
    stated = schema.document
    return {
        "contract": schema.contract,
        "digest": schema.digest,
        "key": schema.key,
        "inputs": [*schema.inputs],
        **{name: stated[name] for name in STATED},
    }
