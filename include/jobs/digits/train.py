"""A logistic regression that recognises digits, trained and served by one script.

Training: SM_CHANNEL_TRAIN and SM_CHANNEL_VALIDATION have encoded rows with the label first; it
prints `validation:accuracy=0.97;`. Serving: one line of ten probabilities for each row.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.linear_model import LogisticRegression

WHITE = 255.0


def channel(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels, from column 0, and the pixels of a channel, from 0 to 1."""
    files = sorted(Path(os.environ[f"SM_CHANNEL_{name.upper()}"]).glob("*.csv"))
    table = np.concatenate([np.loadtxt(path, delimiter=",", ndmin=2) for path in files])
    return table[:, 0].astype(int), table[:, 1:] / WHITE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--c", "-c", type=float, default=1.0)
    given = parser.parse_args()
    labels, images = channel("train")
    model = LogisticRegression(C=given.c, max_iter=1000).fit(images, labels)
    for name in ("train", "validation"):
        truth, rows = channel(name)
        print(f"{name}:accuracy={(model.predict(rows) == truth).mean():.5f};")
    joblib.dump(model, Path(os.environ["SM_MODEL_DIR"]) / "model.joblib")


def model_fn(model_dir: str) -> Any:
    return joblib.load(Path(model_dir) / "model.joblib")


def input_fn(data: str | bytes, content_type: str) -> np.ndarray:
    if not content_type.startswith("text/csv"):
        raise ValueError(f"Content type {content_type!r} is not text/csv. Send text/csv.")
    text = data.decode() if isinstance(data, bytes) else data
    return np.loadtxt(text.splitlines(), delimiter=",", ndmin=2) / WHITE


def predict_fn(images: np.ndarray, model: Any) -> np.ndarray:
    return np.asarray(model.predict_proba(images))


def output_fn(chances: np.ndarray, accept: str) -> tuple[str, str]:
    """Return a line of probabilities for each image, with the content type."""
    lines = (",".join(f"{chance:.6f}" for chance in row) for row in chances)
    return "".join(f"{line}\n" for line in lines), "text/csv"


if __name__ == "__main__":
    main()
