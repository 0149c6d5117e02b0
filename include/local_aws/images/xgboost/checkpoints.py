"""Checkpoints of boosting: one file for each round, which the platform uploads and restores."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import paths
import xgboost as xgb
from paths import BASE, CONFIG, MODEL

NAME = "xgboost-checkpoint"
KEPT = 5  # newest rounds that are kept


def folder(fold: int | None = None) -> Path | None:
    """Return the folder of checkpoints; None for a job without a CheckpointConfig."""
    config = CONFIG / "checkpointconfig.json"
    if not config.exists():
        return None
    local = json.loads(config.read_text()).get("LocalPath", "/opt/ml/checkpoints")
    path = BASE / local.removeprefix("/opt/ml").strip("/")
    if fold is not None:
        path /= f"model-{fold}"
    path.mkdir(parents=True, exist_ok=True)
    return path


def newest(kept: Path | None) -> tuple[xgb.Booster | None, int]:
    """Return the last checkpoint and the round to continue with."""
    rounds = sorted(int(p.suffix[1:]) for p in kept.glob(f"{NAME}.*")) if kept else []
    if not kept or not rounds:
        return None, 0
    booster = xgb.Booster()
    booster.load_model(kept / f"{NAME}.{rounds[-1]}")
    print(f"Resuming from checkpoint {NAME}.{rounds[-1]}", flush=True)
    return booster, rounds[-1] + 1


class Checkpointing(xgb.callback.TrainingCallback):
    """Saves every round, numbered from the first round of the first run."""

    def __init__(self, kept: Path, start: int) -> None:
        self._kept = kept
        self._start = start

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        number = self._start + epoch
        partial = self._kept / "partial"
        model.save_model(partial)
        partial.rename(self._kept / f"{NAME}.{number}")
        (self._kept / f"{NAME}.{number - KEPT}").unlink(missing_ok=True)
        return False


class SavedOnTermination(xgb.callback.TrainingCallback):
    """Saves the current model at SIGTERM, for save_model_on_termination."""

    def __init__(self, fold: int | None = None) -> None:
        self._name = paths.NAME if fold is None else f"{paths.NAME}-{fold}"
        self._stopping = False
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: Any) -> None:
        self._stopping = True

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        if self._stopping:
            model.save_model(MODEL / self._name)
            sys.exit(0)
        return False
