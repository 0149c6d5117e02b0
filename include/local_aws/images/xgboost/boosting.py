"""One run of boosting: its settings, watched metrics, output and checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import checkpoints
import xgboost as xgb
from errors import of_training
from metrics import OWN, evaluation, watched
from vocabulary import MAXIMIZED

NOT_XGBOOST = frozenset(
    {
        "num_round",
        "eval_metric",
        "csv_weights",
        "early_stopping_rounds",
        "save_model_on_termination",
        "use_dask_gpu_training",
        "_kfold",
        "_num_cv_round",
        "_tuning_objective_metric",
    }
)
Callback = xgb.callback.TrainingCallback
History = dict[str, dict[str, list[float]]]  # "train" or "validation" -> metric -> values


class Printed(Callback):
    """Prints the metrics of a round as the platform's regular expressions expect them."""

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


class InOrder(Callback):
    """Calls all callbacks in order; XGBoost stops at the first that returns True."""

    def __init__(self, parts: list[Callback]) -> None:
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


@dataclass(frozen=True)
class Boosting:
    """The settings that all runs of a job share; only one of several instances *reports*."""

    parameters: dict[str, Any]
    sets: dict[str, xgb.DMatrix]
    reports: bool

    def run(self, matrix: xgb.DMatrix, fold: int | None = None) -> tuple[xgb.Booster, History]:
        """Boost num_round times, or until the last metric stops improving on validation.

        :raises UserError: XGBoost refuses the caller's data.
        """
        kept = checkpoints.folder(fold)
        before, start = checkpoints.newest(kept)
        callbacks = [*self._reporting(kept, start, fold), *self._stopping()]
        history: History = {}
        try:
            booster = xgb.train(
                self._settings(),
                matrix,
                num_boost_round=self.parameters["num_round"] - start,
                evals=[(rows, name) for name, rows in self.sets.items()],
                custom_metric=self._custom_metric(),
                callbacks=[InOrder(callbacks)],
                evals_result=history,
                xgb_model=before,
                verbose_eval=False,
            )
        except (xgb.core.XGBoostError, ValueError) as error:
            raise of_training(error) from error
        return booster, history

    def _settings(self) -> dict[str, Any]:
        metrics = self.parameters.get("eval_metric", [])
        native = [name for name in metrics if name not in OWN]
        settings = {k: v for k, v in self.parameters.items() if k not in NOT_XGBOOST}
        if "updater" in settings:
            settings["updater"] = ",".join(settings["updater"])
        if "interaction_constraints" in settings:  # XGBoost reads a list as names of columns
            settings["interaction_constraints"] = str(settings["interaction_constraints"])
        if native:
            settings["eval_metric"] = native
        elif metrics:
            settings["disable_default_eval_metric"] = 1
        return settings | {"nthread": 1}

    def _custom_metric(self) -> Any:
        own = [name for name in self.parameters.get("eval_metric", []) if name in OWN]
        return evaluation(own, self.parameters.get("objective", "")) if own else None

    def _reporting(self, kept: Any, start: int, fold: int | None) -> list[Callback]:
        if not self.reports:
            return []
        callbacks: list[Callback] = [Printed(start)]
        if self.parameters.get("save_model_on_termination") == "true":
            callbacks.append(checkpoints.SavedOnTermination(fold))
        if kept:
            callbacks.append(checkpoints.Checkpointing(kept, start))
        return callbacks

    def _stopping(self) -> list[Callback]:
        rounds = self.parameters.get("early_stopping_rounds")
        if not rounds or "validation" not in self.sets:
            return []
        metric = watched(self.parameters)
        return [
            xgb.callback.EarlyStopping(
                rounds,
                metric_name=metric,
                data_name="validation",
                maximize=metric.partition("@")[0] in MAXIMIZED if metric else None,
                save_best=True,
            )
        ]
