"""Compare windows with a baseline by scikit-learn: domain classifiers, and PCA's errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

Array = np.ndarray
KEPT = 0.65  # of the variance, as NannyML's default has it


def boosting(was: Array, now: Array) -> float:
    """Return the AUC of gradient boosted trees, cross-validated."""
    return _classified(was, now, lambda: HistGradientBoostingClassifier(max_iter=60))


def forest(was: Array, now: Array) -> float:
    """Return the AUC of a random forest, cross-validated."""
    make = lambda: RandomForestClassifier(30, min_samples_leaf=5, random_state=0)  # noqa: E731
    return _classified(was, now, make)


def _classified(was: Array, now: Array, make: Callable[[], Any]) -> float:
    table = np.vstack([was, now])
    labels = np.r_[np.zeros(len(was)), np.ones(len(now))]
    areas = []
    for inside, outside in StratifiedKFold(5, shuffle=True, random_state=0).split(table, labels):
        model = make().fit(table[inside], labels[inside])
        given = model.predict_proba(table[outside])[:, 1]
        areas.append(roc_auc_score(labels[outside], given))
    return float(np.mean(areas))


def reconstruction(was: Array, now: Array) -> float:
    """Return by how much the mean error of PCA's reconstruction has changed, either way."""
    half = len(was) // 2
    mean, spread = was[:half].mean(axis=0), was[:half].std(axis=0)
    model: Any = PCA(KEPT).fit((was[:half] - mean) / spread)

    def error(rows: Array) -> float:
        scaled = (rows - mean) / spread
        rebuilt = model.inverse_transform(model.transform(scaled))
        return float(np.linalg.norm(scaled - rebuilt, axis=1).mean())

    return abs(error(now) - error(was[half:]))


PEERS = {
    "gradient boosting": boosting,
    "random forest": forest,
    "PCA reconstruction": reconstruction,
}
