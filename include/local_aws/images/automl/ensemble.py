"""Train one ensemble of an AutoML job in mode ENSEMBLING, with its own data processor.

It prints `validation:auc=0.91234;`, which the metric definitions of the job read.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from algorithm import MOST_STEPS, REGRESSION, SEED, SETS, Table, measured
from ensemble_model import Bag, Classes, Quantity, output, weights
from model_folder import add_code
from processor import Processor
from sklearn import ensemble, linear_model, model_selection
from tables import Row, read_rows

MODEL = "ensemble.joblib"
CODE = (
    *("ensemble_serve.py", "ensemble_model.py", "algorithm_serve.py"),
    *("processor.py", "tables.py", "refusals.py"),
)


def learner(name: str, given: argparse.Namespace) -> Any:
    """Return an untrained model of one algorithm."""
    regression = given.problem_type == REGRESSION
    if name == "xgboost":
        return boosting(given, regression)
    if name == "linear-learner":
        if regression:
            return linear_model.Ridge(alpha=1 / given.c)
        return linear_model.LogisticRegression(C=given.c, max_iter=MOST_STEPS)
    kinds = {
        "randomforest": (ensemble.RandomForestRegressor, ensemble.RandomForestClassifier),
        "extra-trees": (ensemble.ExtraTreesRegressor, ensemble.ExtraTreesClassifier),
    }
    regressor, classifier = kinds[name]
    return (regressor if regression else classifier)(
        n_estimators=given.trees, min_samples_leaf=given.leaf, random_state=SEED
    )


def boosting(given: argparse.Namespace, regression: bool) -> Any:
    import xgboost

    return (xgboost.XGBRegressor if regression else xgboost.XGBClassifier)(
        n_estimators=given.trees,
        max_depth=given.depth,
        learning_rate=given.learning_rate,
        tree_method="hist",
        random_state=SEED,
    )


def folds(truth: np.ndarray, given: argparse.Namespace) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the rows of each fold's training and of the fold; each class is in every training."""
    options = {"shuffle": True, "random_state": SEED}
    if given.problem_type == REGRESSION:
        kind: Any = model_selection.KFold(given.folds, **options)
    else:
        rarest = int(np.unique(truth, return_counts=True)[1].min())
        if rarest < 2:
            raise SystemExit("A class of the target has a single row. Add rows, or leave it out.")
        kind = model_selection.StratifiedKFold(min(given.folds, rarest), **options)
    return list(kind.split(truth.reshape(-1, 1), truth))


def bagged(name: str, given: argparse.Namespace, table: Table) -> tuple[Bag, np.ndarray]:
    """Return the models of one algorithm, and their outputs for the rows of their folds."""
    truth, rows = table
    splits = folds(truth, given)
    bag = [learner(name, given).fit(rows[inside], truth[inside]) for inside, _ in splits]
    held = np.concatenate([outside for _, outside in splits])
    parts = [output(model, rows[outside]) for model, (_, outside) in zip(bag, splits, strict=True)]
    return bag, np.concatenate(parts)[np.argsort(held)]


def trained(given: argparse.Namespace, table: Table) -> Any:
    """Return the ensemble of the algorithms, whose weights it prints."""
    names = given.algorithms.split(",")
    bags, outputs = zip(*(bagged(name, given, table) for name in names), strict=True)
    chosen = weights(list(outputs), table[0])
    print(f"weights: {dict(zip(names, chosen.round(3).tolist(), strict=True))}")
    kind = Quantity if given.problem_type == REGRESSION else Classes
    return kind(list(bags), chosen)


def encoded(processor: Processor, rows: list[Row]) -> Table:
    truth = np.array([float(processor.label(row[0])) for row in rows])
    return truth, np.array([processor.features(row[1:]) for row in rows], dtype=float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--algorithms", required=True)
    parser.add_argument("--problem-type", required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--leaf", type=int, default=1)
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--c", type=float, default=1.0)
    given, _ = parser.parse_known_args()
    rows = {name: read_rows(Path(os.environ[f"SM_CHANNEL_{name.upper()}"])) for name in SETS}
    processor = Processor.fit(rows["train"], True, given.problem_type != REGRESSION)
    sets = {name: encoded(processor, part) for name, part in rows.items()}
    model = trained(given, sets["train"])
    for name, (truth, features) in sets.items():
        for metric, value in measured(model, features, truth).items():
            print(f"{name}:{metric}={value:.6f};")
    folder = Path(os.environ["SM_MODEL_DIR"])
    joblib.dump(model, folder / MODEL)
    processor.save(folder)
    add_code(folder, CODE)


if __name__ == "__main__":
    main()
