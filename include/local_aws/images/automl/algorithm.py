"""Train the algorithms of an AutoML job that have no image of their own: linear models and MLPs.

It prints `validation:auc=0.91234;`, which the metric definitions of the job read.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from model_folder import add_code
from sklearn import linear_model, metrics, neural_network

SEED = 7
REGRESSION = "Regression"
MOST_STEPS = 300
SETS = ("train", "validation")
Table = tuple[np.ndarray, np.ndarray]


def model_of(given: argparse.Namespace) -> Any:
    """Return the model that the hyperparameters describe."""
    regression = given.problem_type == REGRESSION
    if given.algorithm == "mlp":
        kind = neural_network.MLPRegressor if regression else neural_network.MLPClassifier
        return kind(
            hidden_layer_sizes=tuple(map(int, given.layers.split("-"))),
            alpha=given.weight_decay,
            learning_rate_init=given.learning_rate,
            early_stopping=True,
            n_iter_no_change=15,
            max_iter=MOST_STEPS,
            random_state=SEED,
        )
    if regression:
        return linear_model.Ridge(alpha=1 / given.c)
    balanced = "balanced" if given.class_weight == "balanced" else None
    return linear_model.LogisticRegression(C=given.c, class_weight=balanced, max_iter=MOST_STEPS)


def measured(model: Any, rows: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Return the metrics of *model* on a data set, by the names that XGBoost has for them."""
    guess = model.predict(rows)
    if not hasattr(model, "predict_proba"):
        squared = metrics.mean_squared_error(truth, guess)
        absolute = metrics.mean_absolute_error(truth, guess)
        r2 = metrics.r2_score(truth, guess)
        return {"mse": squared, "rmse": squared**0.5, "mae": absolute, "r2": r2}
    chances = model.predict_proba(rows)
    several = len(model.classes_) > 2
    average = "macro" if several else "binary"
    scores = {"precision": metrics.precision_score, "recall": metrics.recall_score}
    scores["f1"] = metrics.f1_score
    values = {
        f"{name}_macro" if several else {"f1": "f1_binary"}.get(name, name): score(
            truth, guess, average=average, zero_division=0
        )
        for name, score in scores.items()
    }
    values["accuracy"] = metrics.accuracy_score(truth, guess)
    values["balanced_accuracy"] = metrics.balanced_accuracy_score(truth, guess)
    loss = metrics.log_loss(truth, chances, labels=model.classes_)
    values["mlogloss" if several else "logloss"] = loss
    if not several:
        values["auc"] = metrics.roc_auc_score(truth, chances[:, 1])
    return values


def table(folder: str) -> Table:
    """Return the targets, from the first column, and the features of a channel."""
    files = sorted(path for path in Path(folder).iterdir() if path.is_file())
    rows = np.concatenate([np.loadtxt(path, delimiter=",", ndmin=2) for path in files])
    return rows[:, 0], rows[:, 1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--algorithm", choices=["linear-learner", "mlp"], required=True)
    parser.add_argument("--problem-type", required=True)
    parser.add_argument("--c", type=float, default=1.0)
    parser.add_argument("--class-weight", default="none")
    parser.add_argument("--layers", default="64")
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    given, _ = parser.parse_known_args()  # SageMaker adds _tuning_objective_metric
    tables = {name: table(os.environ[f"SM_CHANNEL_{name.upper()}"]) for name in SETS}
    truth, rows = tables["train"]
    model = model_of(given).fit(rows, truth)
    for name, (truth, rows) in tables.items():
        for metric, value in measured(model, rows, truth).items():
            print(f"{name}:{metric}={value:.6f};")
    folder = Path(os.environ["SM_MODEL_DIR"])
    joblib.dump(model, folder / "model.joblib")
    add_code(folder, ("algorithm_serve.py", "refusals.py"))


if __name__ == "__main__":
    main()
