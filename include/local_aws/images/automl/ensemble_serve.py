"""Serve an ensemble of an AutoML job: raw rows without the target in, classes or numbers out.

SAGEMAKER_INFERENCE_OUTPUT selects the content of each answer of a classification.
"""

from __future__ import annotations

import csv
import io
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from algorithm_serve import answered
from processor import BadRow, Processor
from refusals import CSV, Application, refusal, wrong_type
from tables import rows_of

Loaded = tuple[Processor, Any]


def model_fn(model_dir: str) -> Loaded:
    folder = Path(model_dir)
    return Processor.load(folder), joblib.load(folder / "ensemble.joblib")


def transform_fn(
    model: Loaded, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Application:
    if refused := wrong_type(content_type):
        return refused
    processor, ensemble = model
    text = io.StringIO()
    try:
        rows = rows_of(body if isinstance(body, str) else bytes(body).decode())
        features = np.array([processor.features(row) for row in rows], dtype=float)
        answers = [named(processor, answer) for answer in answered(ensemble, features)]
    except (BadRow, UnicodeDecodeError, csv.Error) as error:
        return refusal(HTTPStatus.BAD_REQUEST, error)
    csv.writer(text, lineterminator="\n").writerows(answers)
    return text.getvalue(), CSV


def named(processor: Processor, answer: list[Any]) -> list[Any]:
    """Return an answer with the names of classes for their numbers."""
    selected = os.environ.get("SAGEMAKER_INFERENCE_OUTPUT")
    if not (processor.classes and selected):
        return answer
    keys = selected.replace(" ", "").lower().split(",")
    content = dict(zip(keys, answer, strict=True))
    if "predicted_label" in content:
        content["predicted_label"] = processor.classes[content["predicted_label"]]
    if "labels" in content:
        content["labels"] = processor.classes
    return [content[key] for key in keys]
