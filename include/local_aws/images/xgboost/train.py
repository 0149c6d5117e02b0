"""The built-in algorithm's training entry point: channels in, xgboost-model out."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Any

import checkpoints
import xgboost as xgb
from cluster import together
from data import channel
from errors import UserError
from hyperparameters import validated
from metrics import MAXIMIZED, OWN, evaluation, watched
from paths import CONFIG, DATA, MODEL, OUTPUT

CHANNELS = frozenset({"train", "validation"})
NOT_XGBOOST = frozenset(
    {
        "num_round",
        "eval_metric",
        "csv_weights",
        "early_stopping_rounds",
        "save_model_on_termination",
        "_tuning_objective_metric",
    }
)


class Printed(xgb.callback.TrainingCallback):
    """One line of metrics a round, in the form that the platform's regular expressions expect."""

    def __init__(self, start: int) -> None:
        self._start = start

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        parts = [
            f"{name}-{metric}:{history[-1]:.5f}"
            for name, metrics in evals_log.items()
            for metric, history in metrics.items()
        ]
        print(f"[{self._start + epoch}]\t" + "\t".join(parts), flush=True)
        return False


class InOrder(xgb.callback.TrainingCallback):
    """XGBoost keeps callbacks in a set and asks until one says stop; here all are asked."""

    def __init__(self, parts: list[xgb.callback.TrainingCallback]) -> None:
        self._parts = parts

    def before_training(self, model: Any) -> Any:
        for part in self._parts:
            model = part.before_training(model)
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        stops = [part.after_iteration(model, epoch, evals_log) for part in self._parts]
        return any(stops)

    def after_training(self, model: Any) -> Any:
        for part in self._parts:
            model = part.after_training(model)
        return model


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
    kept = checkpoints.folder()
    before, start = checkpoints.newest(kept)
    metrics = parameters.get("eval_metric", [])
    own = [name for name in metrics if name in OWN]
    native = {"eval_metric": [name for name in metrics if name not in OWN]} if metrics else {}
    if own and not native["eval_metric"]:
        native = {"disable_default_eval_metric": 1}
    settings = {k: v for k, v in parameters.items() if k not in NOT_XGBOOST} | native
    return xgb.train(
        settings | {"nthread": 1},
        sets["train"],
        num_boost_round=parameters["num_round"] - start,
        evals=[(matrix, name) for name, matrix in sets.items()],
        custom_metric=evaluation(own, parameters.get("objective", "")) if own else None,
        callbacks=[InOrder(_callbacks(parameters, reports, "validation" in sets, kept, start))],
        xgb_model=before,
        verbose_eval=False,
    )


def _callbacks(
    parameters: dict[str, Any], reports: bool, validated: bool, kept: Path | None, start: int
) -> list[xgb.callback.TrainingCallback]:
    found: list[xgb.callback.TrainingCallback] = [Printed(start)] if reports else []
    if parameters.get("save_model_on_termination") == "true" and reports:
        found.append(checkpoints.SavedOnTermination())
    if kept and reports:
        found.append(checkpoints.Checkpointing(kept, start))
    if (rounds := parameters.get("early_stopping_rounds")) and validated:
        metric = watched(parameters)
        stopping = xgb.callback.EarlyStopping(
            rounds,
            metric_name=metric,
            data_name="validation",
            maximize=metric.partition("@")[0] in MAXIMIZED if metric else None,
            save_best=True,
        )
        found.append(stopping)
    return found


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
