"""Serve a model with its preprocessing and its answers in one container.

Serverless endpoints and inference components take a model of one container: this program calls the
handlers of :mod:`.features`, of the model and of :mod:`.answers` in the order of the inference
pipeline. It runs in the image that trained the model, and the archive is that of :mod:`.pack`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from .records import CSV
from .responses import Refusal

SCRIPT = "PRODML_SCRIPT"  # the module that trained the model; without it, XGBoost did
TRAINED, CODE = "trained", "code"  # folders of the archive; the former has its script's code too
BOOSTER = "xgboost-model"

Predict = Callable[[str], str]


class PackedModel(NamedTuple):
    """Hold what is loaded of each step; *predict* makes lines of CSV of lines of CSV."""

    features: Any
    predict: Predict
    answers: Any


def model_fn(model_dir: str) -> PackedModel:
    folder = Path(model_dir)
    script = os.environ.get(SCRIPT)
    trained = folder / TRAINED
    predict = _by_script(trained, script) if script else _by_booster(trained / BOOSTER)
    return PackedModel(
        _program("features").model_fn(model_dir), predict, _answers().model_fn(model_dir)
    )


def transform_fn(
    model: PackedModel, body: str | bytes, content_type: str, accept: str
) -> tuple[str, str] | Refusal:
    """Return the answers to raw records in the form that is accepted."""
    features = _program("features").transform_fn(model.features, body, content_type, CSV)
    if isinstance(features, Refusal):
        return features
    answered: tuple[str, str] | Refusal = _answers().transform_fn(
        model.answers, model.predict(features[0]), CSV, accept
    )
    return answered


def _program(name: str) -> Any:
    """Return a program of the archive, which knows the pipeline's own module."""
    return import_module(name)


def _answers() -> Any:
    return _program("answers")


def _by_booster(path: Path) -> Predict:
    np, xgb = import_module("numpy"), import_module("xgboost")
    booster = xgb.Booster(model_file=str(path))

    def predict(lines: str) -> str:
        cells = [[cell or "nan" for cell in line.split(",")] for line in lines.splitlines()]
        rows = xgb.DMatrix(np.array(cells, float))
        scores = booster.predict(rows, validate_features=False).tolist()
        return _lines(score if isinstance(score, list) else [score] for score in scores)

    return predict


def _by_script(folder: Path, script: str) -> Predict:
    """Return the prediction by a script's functions; the usual ones replace those it lacks."""
    sys.path.insert(0, str(folder / CODE))
    module = import_module(script)
    model = module.model_fn(str(folder))
    transform = getattr(module, "transform_fn", None)
    read, write = getattr(module, "input_fn", _table), getattr(module, "output_fn", _written)
    ask = getattr(module, "predict_fn", lambda rows, model: model.predict(rows))

    def predict(lines: str) -> str:
        if transform:
            result = transform(model, lines, CSV, CSV)
        else:
            result = write(ask(read(lines, CSV), model), CSV)
        text = result[0] if isinstance(result, tuple) else result
        return text.decode() if isinstance(text, bytes) else str(text)

    return predict


def _table(lines: str, content_type: str) -> Any:
    return import_module("numpy").loadtxt(lines.splitlines(), delimiter=",", ndmin=2)


def _written(answers: Any, accept: str) -> str:
    rows = import_module("numpy").asarray(answers).tolist()
    return _lines(row if isinstance(row, list) else [row] for row in rows)


def _lines(rows: Any) -> str:
    return "".join(f"{','.join(map(str, row))}\n" for row in rows)
