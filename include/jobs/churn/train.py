"""A scikit-learn candidate, trained and served by one script on a prebuilt image.

Training: `train.py --model random_forest|logistic_regression` with SM_CHANNEL_TRAIN and
SM_CHANNEL_VALIDATION; it prints `validation:auc=0.91234;`, which metric definitions read.
Serving: model_fn, input_fn, predict_fn and output_fn; one probability per CSV row.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 7


def candidate(given: argparse.Namespace) -> Any:
    if given.model == "random_forest":
        return RandomForestClassifier(
            n_estimators=given.n_estimators,
            min_samples_leaf=given.min_samples_leaf,
            class_weight="balanced",
            random_state=SEED,
        )
    regression = LogisticRegression(C=given.c, class_weight="balanced", max_iter=1000)
    return make_pipeline(StandardScaler(), regression)


def channel(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels, from column 0, and the features of a channel."""
    files = sorted(Path(os.environ[f"SM_CHANNEL_{name.upper()}"]).glob("*.csv"))
    table = np.concatenate([np.loadtxt(path, delimiter=",", ndmin=2) for path in files])
    return table[:, 0], table[:, 1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=["random_forest", "logistic_regression"], required=True)
    parser.add_argument("--n-estimators", type=int, default=100)
    parser.add_argument("--min-samples-leaf", type=int, default=2)
    parser.add_argument("--c", "-c", type=float, default=1.0)
    given = parser.parse_args()
    labels, features = channel("train")
    model = candidate(given).fit(features, labels)
    for name in ("train", "validation"):
        truth, rows = channel(name)
        print(f"{name}:auc={roc_auc_score(truth, model.predict_proba(rows)[:, 1]):.5f};")
    joblib.dump(model, Path(os.environ["SM_MODEL_DIR"]) / "model.joblib")


def model_fn(model_dir: str) -> Any:
    return joblib.load(Path(model_dir) / "model.joblib")


def input_fn(data: str | bytes, content_type: str) -> np.ndarray:
    if not content_type.startswith("text/csv"):
        raise ValueError(f"Content type {content_type!r} is not text/csv. Send text/csv.")
    text = data.decode() if isinstance(data, bytes) else data
    try:
        return np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
    except ValueError:  # which quotes the cell, and the log of an endpoint must show no one's data
        raise ValueError("The body is not CSV rows of numbers. Send the encoded columns.") from None


def predict_fn(rows: np.ndarray, model: Any) -> np.ndarray:
    return np.asarray(model.predict_proba(rows)[:, 1])


def output_fn(scores: np.ndarray, accept: str) -> tuple[str, str]:
    """Return the answer with its content type: AWS's image calls text alone HTML."""
    return "".join(f"{score:.6f}\n" for score in scores), "text/csv"


if __name__ == "__main__":
    main()
