"""`_kfold`: a model for each fold, and predictions of the rows that it was not trained on.

The rounds' metrics are of the whole channels, as the container prints them; predictions.csv has
the predictions of rows that a model was not trained on.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xgboost as xgb
from boosting import Boosting, History
from data import joined
from paths import OUTPUT

Rows = np.ndarray


def cross_validated(boosting: Boosting) -> list[xgb.Booster]:
    """Train `_num_cv_round` times `_kfold` models on the rows of both channels."""
    parameters = boosting.parameters
    folds, repeats = parameters["_kfold"], parameters.get("_num_cv_round", 1)
    if "validation" not in boosting.sets:
        # The container trains all of them and then fails with this message.
        raise RuntimeError("XGB train call failed with exception:\n 'validation' (channel missing)")
    matrix = joined(list(boosting.sets.values()))
    classes = _classifies(parameters)
    _say(
        boosting,
        f"Run {repeats}-round of {folds}-fold cross validation with {matrix.num_row()} rows",
    )
    predictions = Predictions(matrix.get_label(), repeats, classes)
    boosters: list[xgb.Booster] = []
    histories: list[History] = []
    for train, held in _splits(matrix.get_label(), folds, repeats, classes):
        _say(boosting, f"Train cross validation fold {len(boosters) % folds + 1}")
        booster, history = boosting.run(matrix.slice(train), fold=len(boosters))
        boosters.append(booster)
        histories.append(history)
        predictions.record(held, booster.predict(matrix.slice(held)))
        if len(boosters) % folds == 0:
            _say(boosting, f"The metrics of round {len(boosters) // folds} cross validation")
            _say(boosting, _means(parameters["num_round"], histories[-folds:]))
    if repeats > 1:
        _say(boosting, f"The overall metrics of {repeats}-round cross validation")
        _say(boosting, _means(parameters["num_round"], histories))
    predictions.save()
    return boosters


def _say(boosting: Boosting, line: str) -> None:
    if boosting.reports:
        print(line, flush=True)


def _classifies(parameters: dict[str, object]) -> bool:
    return "num_class" in parameters or str(parameters.get("objective")).startswith("binary:")


def _splits(labels: Rows, folds: int, repeats: int, classes: bool) -> Iterator[tuple[Rows, Rows]]:
    """Split the rows, shuffled for each repetition and stratified by class."""
    random = np.random.default_rng()
    groups = [labels == label for label in np.unique(labels)] if classes else [labels == labels]
    for _ in range(repeats):
        order = np.concatenate([random.permutation(np.flatnonzero(group)) for group in groups])
        fold_of = np.empty(len(labels), int)
        fold_of[order] = np.arange(len(labels)) % folds
        for fold in range(folds):
            yield np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)


def _means(rounds: int, histories: list[History]) -> str:
    """Return a line in the format of a round: the mean of each metric's last value."""
    parts = [f"[{rounds}]"]
    for metric in histories[0]["train"]:
        for name in ("train", "validation"):
            mean = np.mean([history[name][metric][-1] for history in histories])
            parts.append(f"{name}-{metric}:{mean:.5f}")
    return "\t".join(parts)


class Predictions:
    """Writes predictions.csv: the label, then (probability, class) or value by repetition."""

    def __init__(self, labels: Rows, repeats: int, classes: bool) -> None:
        self._labels = labels
        self._classes = classes
        self._scores = np.zeros((len(labels), repeats))
        self._chosen = np.zeros((len(labels), repeats))
        self._seen = np.zeros(len(labels), int)

    def record(self, rows: Rows, scores: Rows) -> None:
        chosen = scores.argmax(axis=1) if scores.ndim > 1 else (scores > 0.5).astype(int)
        self._chosen[rows, self._seen[rows]] = chosen
        self._scores[rows, self._seen[rows]] = scores.max(axis=1) if scores.ndim > 1 else scores
        self._seen[rows] += 1

    def save(self) -> None:
        columns = [self._labels, self._scores.mean(axis=1)]
        if self._classes:
            columns.append(np.array([_mode(row) for row in self._chosen]))
        folder = OUTPUT / "data"
        folder.mkdir(parents=True, exist_ok=True)
        np.savetxt(folder / "predictions.csv", np.column_stack(columns), delimiter=",", fmt="%f")


def _mode(values: Rows) -> float:
    classes, counts = np.unique(values, return_counts=True)
    return float(classes[counts.argmax()])
