"""The built-in algorithm's training entry point: channels in, xgboost-model out."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import lean  # noqa: F401
import xgboost as xgb
from boosting import Boosting
from cluster import together
from data import channel, files, streamed
from errors import UserError
from folds import cross_validated
from hyperparameters import validated
from paths import CONFIG, DATA, MODEL, NAME, OUTPUT

CHANNELS = frozenset({"train", "validation"})


def main() -> None:
    given = json.loads((CONFIG / "hyperparameters.json").read_text())
    channels = json.loads((CONFIG / "inputdataconfig.json").read_text())
    parameters = validated({name: _unquoted(value) for name, value in given.items()})
    if extra := sorted(set(channels) - CHANNELS):
        raise UserError(f"Extraneous channel found: {', '.join(extra)}")
    if "train" not in channels:
        raise UserError("Missing required channel: train")
    has_data = channels["train"].get("TrainingInputMode") == "Pipe" or bool(files(DATA / "train"))
    with together(has_data) as first:
        models = train(Boosting(parameters, _matrices(parameters, channels), reports=first))
        for name, booster in models.items() if first else ():
            booster.save_model(MODEL / name)


def train(boosting: Boosting) -> dict[str, xgb.Booster]:
    """Return the models by file name: one, or one for each fold."""
    if "_kfold" in boosting.parameters:
        models = cross_validated(boosting)
        return {f"{NAME}-{number}": booster for number, booster in enumerate(models)}
    return {NAME: boosting.run(boosting.sets["train"])[0]}


def _matrices(parameters: dict[str, Any], channels: dict[str, Any]) -> dict[str, xgb.DMatrix]:
    weights = parameters.get("csv_weights") == 1
    sets = {}
    for name in sorted(channels):
        kind = channels[name].get("ContentType", "text/libsvm")
        read = streamed if channels[name].get("TrainingInputMode") == "Pipe" else channel
        sets[name] = read(DATA / name, kind, weights and name == "train")
        rows, columns = sets[name].num_row(), sets[name].num_col()
        print(f"{name.title()} matrix has {rows} rows and {columns} columns", flush=True)
    return sets


def _unquoted(value: str) -> str:
    """Decode a hyperparameter, which the SDK writes as JSON; return a plain string unchanged."""
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    return decoded if isinstance(decoded, str) else value


def _fail(prefix: str, error: Exception) -> None:
    (OUTPUT / "failure").write_text(f"{prefix}: {error}")
    traceback.print_exc()
    sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        _fail("ClientError", error)
    except Exception as error:  # noqa: BLE001  (the platform must report every error)
        _fail("AlgorithmError", error)
