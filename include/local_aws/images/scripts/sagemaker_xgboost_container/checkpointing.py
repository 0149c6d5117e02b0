"""Save a script's boosting after each round, and continue after an interruption.

Names and arguments are those of `checkpointing.py` of github.com/aws/sagemaker-xgboost-container.
The platform uploads whole files, so that an old checkpoint can be deleted at any time.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import xgboost as xgb

CHECKPOINT_FILENAME = "xgboost-checkpoint"
TEMP_FILE_SUFFIX = ".sagemaker-ignore"
NUMBERED = re.compile(rf"{CHECKPOINT_FILENAME}\.([0-9]+)")


def train(train_args: dict[str, Any], checkpoint_dir: str) -> xgb.Booster:
    """Call `xgb.train` with *train_args*, continuing with the last round in *checkpoint_dir*.

    Its `num_boost_round` counts the rounds of all runs together.
    """
    model, start = load_checkpoint(checkpoint_dir)
    rounds = train_args.get("num_boost_round", 10) - start
    callbacks = [
        *train_args.get("callbacks", []),
        print_checkpointed_evaluation(start_iteration=start, end_iteration=rounds),
        save_checkpoint(checkpoint_dir, start_iteration=start, end_iteration=rounds),
    ]
    changed = {"num_boost_round": rounds, "verbose_eval": False, "xgb_model": model}
    return xgb.train(**(train_args | changed | {"callbacks": callbacks}))


def load_checkpoint(checkpoint_dir: str, max_try: int = 5) -> tuple[str | None, int]:
    """Return the file of the last round, and the next round; None and 0 without a checkpoint."""
    folder = Path(checkpoint_dir or "")
    names = os.listdir(folder) if checkpoint_dir and folder.is_dir() else []
    rounds = [int(match[1]) for match in map(NUMBERED.fullmatch, names) if match]
    if not rounds:
        return None, 0
    return str(folder / f"{CHECKPOINT_FILENAME}.{max(rounds)}"), max(rounds) + 1


class SaveCheckpointCallBack(xgb.callback.TrainingCallback):
    """Saves each round in a file of its own, and deletes those that are not of the newest rounds.

    Files of an earlier run stay, as in AWS's image.
    """

    def __init__(
        self,
        checkpoint_dir: str,
        start_iteration: int = 0,
        max_to_keep: int = 5,
        num_round: int | None = None,
        rank: int = 0,
        iteration: int = 0,
        end_iteration: int | None = None,
    ) -> None:
        self.checkpoint_dir, self.max_to_keep, self.rank = checkpoint_dir, max_to_keep, rank
        self.start_iteration, self.iteration = start_iteration, iteration
        self.num_round, self.end_iteration = num_round, end_iteration
        os.makedirs(checkpoint_dir, exist_ok=True)
        self.previous_checkpoints = {*map(self._path, os.listdir(checkpoint_dir))}

    def __call__(self, model: Any, epoch: int = 0, evals_log: Any = None) -> bool:
        return self.after_iteration(model, epoch, evals_log)

    def format_path(self, iteration: int) -> str:
        """Return the file of a round."""
        return self._path(f"{CHECKPOINT_FILENAME}.{iteration}")

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        if self.rank == 0:
            last, following = load_checkpoint(self.checkpoint_dir)
            current = following if last else self.start_iteration + self.iteration
            _save(model, self.format_path(current))
            old = self.format_path(current - self.max_to_keep)
            if old not in self.previous_checkpoints:
                Path(old).unlink(missing_ok=True)
        return False

    def _path(self, name: str) -> str:
        return os.path.join(self.checkpoint_dir, name)


class PrintCheckpoint(xgb.callback.TrainingCallback):
    """Replaces XGBoost's own output by none: AWS's image formats a line, and never prints it."""

    def __init__(
        self,
        end_iteration: int | None,
        iteration: int = 0,
        rank: int = 0,
        period: int = 1,
        show_stdv: bool = True,
        start_iteration: int = 0,
    ) -> None:
        self.end_iteration, self.iteration, self.rank = end_iteration, iteration, rank
        self.period, self.show_stdv = period, show_stdv
        self.start_iteration = start_iteration

    def __call__(self, model: Any, epoch: int = 0, evals_log: Any = None) -> None:
        return None


class SaveIntermediateModel:
    """Replaces one file in a folder by the model of each round, for jobs that may be stopped."""

    def __init__(self, intermediate_model_dir: str, model_name: str) -> None:
        self.intermediate_model_dir, self.model_name = intermediate_model_dir, model_name
        os.makedirs(intermediate_model_dir, exist_ok=True)

    def __call__(self, env: Any) -> None:
        self.callback(env)

    def format_path(self) -> str:
        """Return the model's file."""
        return os.path.join(self.intermediate_model_dir, self.model_name)

    def save_intermediate_model(self, model: Any) -> None:
        """Save *model* in the folder."""
        _save(model, self.format_path())

    def callback(self, env: Any) -> None:
        """Save the model of XGBoost's older callback environment."""
        if env.rank == 0:
            self.save_intermediate_model(env.model)


class SaveIntermediateModelCallBack(xgb.callback.TrainingCallback):
    """Saves the model of each round on one instance of a job."""

    def __init__(self, intermediate_model_dir: str, model_name: str, is_master: bool) -> None:
        self.callback = SaveIntermediateModel(intermediate_model_dir, model_name)
        self.is_master = is_master

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        if self.is_master:
            self.callback.save_intermediate_model(model)
        return False


print_checkpointed_evaluation = PrintCheckpoint
save_checkpoint = SaveCheckpointCallBack
save_intermediate_model = SaveIntermediateModel


def _save(model: Any, path: str) -> None:
    """Save a model in one step: the platform leaves out files with the suffix."""
    folder = os.path.dirname(path)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=TEMP_FILE_SUFFIX, delete=False) as file:
        model.save_model(file.name)
    os.rename(file.name, path)
