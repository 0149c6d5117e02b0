"""Serve a linear model or an MLP of an AutoML job, as the XGBoost image serves its own.

SAGEMAKER_INFERENCE_OUTPUT selects the content of each answer; without it, an answer is the
probability of the second class, the probabilities of several classes, or a number.
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
from refusals import CSV, Application, refusal


def model_fn(model_dir: str) -> Any:
    return joblib.load(Path(model_dir) / "model.joblib")


def transform_fn(
    model: Any, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Application:
    try:
        text = body if isinstance(body, str) else bytes(body).decode()
        rows = np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
        answers = answered(model, rows)
    except ValueError as error:
        return refusal(HTTPStatus.BAD_REQUEST, f"Unable to evaluate payload provided: {error}")
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(answers)
    return written.getvalue(), CSV


def answered(model: Any, rows: np.ndarray) -> list[list[Any]]:
    """Return the selected content of each answer."""
    selected = os.environ.get("SAGEMAKER_INFERENCE_OUTPUT")
    if not hasattr(model, "predict_proba"):
        return [[value] for value in model.predict(rows).tolist()]
    chances = model.predict_proba(rows)
    if not selected:
        return chances.tolist() if chances.shape[1] > 2 else chances[:, 1:].tolist()
    keys = selected.replace(" ", "").lower().split(",")
    return [[_value(key, chance) for key in keys] for chance in chances]


def _value(key: str, chances: np.ndarray) -> Any:
    values = {
        "predicted_label": int(chances.argmax()),
        "probability": float(chances[1] if len(chances) == 2 else chances.max()),
        "probabilities": chances.tolist(),
        "labels": list(range(len(chances))),
    }
    return values.get(key, "nan")
