"""The models of a folder, loaded and evaluated as AWS's container does.

Source: `algorithm_mode/serve_utils.py` of github.com/aws/sagemaker-xgboost-container.
"""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import xgboost as xgb
from data import CSV, RECORDIO

VOTING = ("multi:softmax", "binary:hinge")
ENSEMBLE = "SAGEMAKER_INFERENCE_ENSEMBLE"


class Models:
    """One model, or several whose answers are combined; each may be pickled."""

    def __init__(self, folder: Path) -> None:
        """Load every file of *folder* whose name does not begin with a dot.

        :raises RuntimeError: The folder has no file, or a file that is not a model.
        """
        paths = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name[0] != "."]
        if not paths:
            raise RuntimeError(f"{folder} has no model file. Put one into model.tar.gz.")
        combined = os.environ.get(ENSEMBLE, "true") == "true"
        loaded = [_loaded(path) for path in (paths if combined else paths[:1])]
        self._boosters = [booster for booster, _ in loaded]
        self._pickled = loaded[0][1]
        learner = json.loads(self._boosters[0].save_config())["learner"]
        self.objective: str = learner["objective"]["name"]
        self.classes = int(learner["learner_model_param"].get("num_class") or 0)

    def predict(self, rows: xgb.DMatrix, kind: str, *, votes: bool = True) -> np.ndarray:
        """Return the mean of the models' answers; of classes, the most frequent one.

        :param votes: Whether classes are voted for; otherwise their mean is returned too.
        :raises ValueError: A pickled model has another number of features than *rows*.
        """
        if self._pickled:
            _check_width(self._boosters[0].num_features(), rows.num_col(), kind)
        answers = np.array([_predicted(booster, rows) for booster in self._boosters])
        if len(answers) == 1:
            return answers[0]
        voting = votes and self.objective in VOTING
        return most_frequent(answers) if voting else answers.mean(axis=0)


def _loaded(path: Path) -> tuple[Any, bool]:
    """Return the booster of a file, and whether it was pickled, which is tried first."""
    try:
        with path.open("rb") as file:
            booster = pickle.load(file)  # noqa: S301  (the container trusts its own model)
        pickled = True
    except Exception as by_pickle:  # noqa: BLE001  (a file of another form raises anything)
        booster, pickled = xgb.Booster(), False
        try:
            booster.load_model(path)
        except Exception as by_xgboost:  # noqa: BLE001
            raise RuntimeError(
                f"Model {path} cannot be loaded:\nPickle load error={by_pickle}\n"
                f"XGB load model error={by_xgboost}"
            ) from None
    booster.set_param("nthread", 1)
    return booster, pickled


def _check_width(trained: int, given: int, kind: str) -> None:
    if kind in CSV | RECORDIO and trained not in (given, given + 1):
        name = "csv" if kind in CSV else "recordio-protobuf"
        raise ValueError(
            f"Feature size of {name} inference data {given} is not consistent with feature size "
            f"of trained model {trained}."
        )
    if given > trained + 1:
        raise ValueError(
            f"Feature size of libsvm inference data {given} is larger than feature size of "
            f"trained model {trained}."
        )


def _predicted(booster: Any, rows: xgb.DMatrix) -> np.ndarray:
    best = int(getattr(booster, "best_ntree_limit", 0) or 0)  # of a pickled model
    return booster.predict(rows, iteration_range=(0, best), validate_features=False)


def most_frequent(answers: np.ndarray) -> np.ndarray:
    """Return the most frequent class of each row; of equally frequent ones, the lowest."""
    classes = np.unique(answers)
    counts = np.array([(answers == label).sum(axis=0) for label in classes])
    return classes[counts.argmax(axis=0)]
