"""Reduce a model's answers to one column, so that each form of them is compared with another."""

from __future__ import annotations

import pyarrow as pa

PREDICTION = "prediction"
CHANCES = "probabilities."  # of the classes, of which the label names the first


def one_column(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return the column of JSON answers that their CSV form consists of, called `prediction`.

    Answers with a version are those of an inference pipeline: a probability of two classes, the
    label of several, or a prediction. Others stay as they are.
    """
    names = rows.schema.names
    wanted = _wanted(names) if "version" in names else None
    if wanted is None:
        return rows
    return pa.RecordBatch.from_arrays([rows.column(wanted)], names=[PREDICTION])


def _wanted(names: list[str]) -> str | None:
    if any(name.startswith(CHANCES) for name in names):
        return "label"
    return next((n for n in ("probability", PREDICTION, "label") if n in names), None)
