"""Selectable inference: what SAGEMAKER_INFERENCE_OUTPUT requests of each prediction.

Source: `algorithm_mode/serve_utils.py` of github.com/aws/sagemaker-xgboost-container.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import recordio_answers

VARIABLE = "SAGEMAKER_INFERENCE_OUTPUT"
CSV, JSON, LINES = "text/csv", "application/json", "application/jsonlines"
RECORDIO = "application/x-recordio-protobuf"
REGRESSIONS = frozenset(
    {"reg:squarederror", "reg:logistic", "reg:gamma", "reg:absoluteerror", "reg:tweedie"}
)
SCORES = ("predicted_label", "labels", "raw_score", "raw_scores")
CLASSES = (*SCORES, "probability", "probabilities")
# The order of an answer's members; CSV has that of the variable.
ORDER = (
    *("predicted_label", "labels", "probability", "probabilities"),
    *("raw_score", "raw_scores", "predicted_score"),
)
CLASSIFICATIONS = {
    "binary:logistic": CLASSES,
    "binary:logitraw": SCORES,
    "binary:hinge": SCORES,
    "multi:softmax": SCORES,
    "multi:softprob": CLASSES,
}
THRESHOLDS = {"binary:logistic": 0.5, "binary:logitraw": 0.0}
Selected = dict[str, Any]


def selected_keys(text: str) -> list[str]:
    """Return the keys of the variable's text, in its order."""
    return text.replace(" ", "").lower().split(",")


def selected(answers: np.ndarray, keys: Sequence[str], objective: str, classes: int) -> Any:
    """Return one dictionary for each answer; what its objective does not have is NaN, and last.

    :raises ValueError: The objective has no selectable content.
    """
    if objective in REGRESSIONS:
        known: Sequence[str] = ("predicted_score",)
    elif objective in CLASSIFICATIONS:
        known = CLASSIFICATIONS[objective]
    else:
        raise ValueError(
            f"Objective `{objective}` unsupported for selectable inference predictions."
        )
    if invalid := sorted({*keys} - {*known}):
        print(
            f"Selected key(s) {set(invalid)} incompatible for objective '{objective}'. Please use "
            f"list of compatible selectable inference predictions: {[*known]}",
            flush=True,
        )
    labels = [0, 1] if objective.startswith("binary:") else [*range(classes)]
    ordered = [key for key in ORDER if key in keys and key in known] + [*invalid]
    return [
        {
            key: np.nan if key in invalid else _value(key, answer, objective, labels)
            for key in ordered
        }
        for answer in answers
    ]


def _value(key: str, answer: Any, objective: str, labels: list[int]) -> Any:
    if key == "labels":
        return labels
    if key == "predicted_label":
        return _label(answer, objective)
    if key in ("probabilities", "raw_scores"):
        several = objective == "multi:softprob"
        return answer.tolist() if several else [1.0 - answer.item(), answer.item()]
    return answer.max().item()  # probability, raw_score and predicted_score


def _label(answer: Any, objective: str) -> float:
    if objective == "multi:softprob":
        return int(answer.argmax())
    if objective in THRESHOLDS:
        return int(answer > THRESHOLDS[objective])
    return float(answer)


def _lines(predictions: list[Selected], keys: Sequence[str]) -> bytes:
    cells = ([_cell(one[key]) for key in keys] for one in predictions)
    return "\n".join(",".join(row) for row in cells).encode()


def _cell(value: Any) -> str:
    return f'"{value}"' if isinstance(value, list) else str(value)


def _json(predictions: list[Selected], _: Sequence[str]) -> bytes:
    return json.dumps({"predictions": predictions}).encode()


def _json_lines(predictions: list[Selected], _: Sequence[str]) -> bytes:
    return "".join(f"{json.dumps(one)}\n" for one in predictions).encode()


def _recordio(predictions: list[Selected], _: Sequence[str]) -> bytes:
    return recordio_answers.encoded(predictions)


ENCODERS: dict[str, Callable[[list[Selected], Sequence[str]], bytes]] = {
    JSON: _json,
    LINES: _json_lines,
    RECORDIO: _recordio,
    CSV: _lines,
}
