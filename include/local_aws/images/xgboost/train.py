"""The built-in algorithm's training entry point: channels in, xgboost-model out."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import xgboost as xgb
from cluster import together
from data import channel
from errors import UserError
from hyperparameters import validated
from paths import CONFIG, DATA, MODEL, OUTPUT

CHANNELS = frozenset({"train", "validation"})
NOT_XGBOOST = frozenset(
    {
        "num_round",
        "csv_weights",
        "early_stopping_rounds",
        "save_model_on_termination",
        "_tuning_objective_metric",
    }
)


class Printed(xgb.callback.TrainingCallback):
    """One line of metrics a round, in the form that the platform's regular expressions expect."""

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        parts = [
            f"{name}-{metric}:{history[-1]:.5f}"
            for name, metrics in evals_log.items()
            for metric, history in metrics.items()
        ]
        print(f"[{epoch}]\t" + "\t".join(parts), flush=True)
        return False


def main() -> None:
    given = json.loads((CONFIG / "hyperparameters.json").read_text())
    channels = json.loads((CONFIG / "inputdataconfig.json").read_text())
    if extra := sorted(set(channels) - CHANNELS):
        raise UserError(f"Extraneous channel found: {', '.join(extra)}")
    if "train" not in channels:
        raise UserError("Missing required channel: train")
    parameters = validated({name: _unquoted(value) for name, value in given.items()})
    with together() as first:
        booster = train(parameters, channels, reports=first)
        if first:
            booster.save_model(MODEL / "xgboost-model")


def train(parameters: dict[str, Any], channels: dict[str, Any], *, reports: bool) -> xgb.Booster:
    """Boost num_round times, or until the last metric stops getting better on validation."""
    weights = parameters.get("csv_weights") == 1
    sets = {
        name: channel(DATA / name, settings.get("ContentType", "text/libsvm"), weights)
        for name, settings in channels.items()
    }
    for name, matrix in sets.items():
        print(f"{name}: {matrix.num_row()} rows, {matrix.num_col()} columns", flush=True)
    callbacks: list[xgb.callback.TrainingCallback] = [Printed()] if reports else []
    if (rounds := parameters.get("early_stopping_rounds")) and "validation" in sets:
        stopping = xgb.callback.EarlyStopping(rounds, data_name="validation", save_best=True)
        callbacks.append(stopping)
    return xgb.train(
        {k: v for k, v in parameters.items() if k not in NOT_XGBOOST} | {"nthread": 1},
        sets["train"],
        num_boost_round=parameters["num_round"],
        evals=[(matrix, name) for name, matrix in sets.items()],
        callbacks=callbacks,
        verbose_eval=False,
    )


def _unquoted(value: str) -> str:
    """The SDK writes hyperparameters as JSON; a plain string stays what it is."""
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
    except Exception as error:  # noqa: BLE001  (whatever it is, the platform must report it)
        _fail("AlgorithmError", error)
