"""Serve a data processor, in the mode that AUTOML_TRANSFORM_MODE names.

`feature-transform` makes features of rows without a target, `inverse-label-transform` classes of an
algorithm's answers; without a mode, rows with their target are encoded for training.
"""

from __future__ import annotations

import csv
import io
import os
from http import HTTPStatus
from pathlib import Path

from processor import BadRow, Processor
from refusals import CSV, Application, refusal, wrong_type
from tables import Row, rows_of


def model_fn(model_dir: str) -> Processor:
    return Processor.load(Path(model_dir))


def transform_fn(
    model: Processor, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Application:
    if refused := wrong_type(content_type):
        return refused
    text = io.StringIO()
    try:
        rows = rows_of(body if isinstance(body, str) else bytes(body).decode())
        csv.writer(text, lineterminator="\n").writerows(transformed(model, rows))
    except (BadRow, UnicodeDecodeError, csv.Error) as error:
        return refusal(HTTPStatus.BAD_REQUEST, error)
    return text.getvalue(), CSV


def transformed(model: Processor, rows: list[Row]) -> list[Row]:
    mode = os.environ.get("AUTOML_TRANSFORM_MODE")
    if mode == "inverse-label-transform":
        return [answer(model, row) for row in rows]
    if mode == "feature-transform":
        return [model.features(row) for row in rows]
    return [[model.label(row[0]), *model.features(row[1:])] for row in rows]


def answer(model: Processor, row: Row) -> Row:
    """Return the selected content of one answer of the algorithm."""
    content = dict(zip(_keys("SAGEMAKER_INFERENCE_INPUT"), row, strict=False))
    content["labels"] = str(model.classes)
    if "predicted_label" in content:
        content["predicted_label"] = model.classes[int(float(content["predicted_label"]))]
    selected = _keys("SAGEMAKER_INFERENCE_OUTPUT")
    if missing := [key for key in selected if key not in content]:
        raise BadRow(
            f"SAGEMAKER_INFERENCE_OUTPUT selects {missing[0]}, which the algorithm does not send. "
            "Add it to SAGEMAKER_INFERENCE_OUTPUT of the algorithm's container, and to "
            "SAGEMAKER_INFERENCE_INPUT of this one."
        )
    return [content[key] for key in selected]


def _keys(variable: str) -> list[str]:
    return os.environ.get(variable, "predicted_label").replace(" ", "").lower().split(",")
