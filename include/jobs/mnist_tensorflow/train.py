"""Train a small dense network for digits with TensorFlow 2.

Channel `training` holds train_data.npy, train_labels.npy, eval_data.npy and eval_labels.npy. Every
epoch prints `train:loss=0.52130; test:loss=0.18870; test:accuracy=0.94300;`, which metric
definitions read. The model is a SavedModel below the version folder 1, as TensorFlow Serving wants
it: it takes pixels from 0 to 1 and answers with each digit's chance.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np

SIDE, DIGITS = 28, 10
VERSION = "1"


class Report(keras.callbacks.Callback):
    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        line = "train:loss={loss:.5f}; test:loss={val_loss:.5f}; test:accuracy={val_accuracy:.5f};"
        print(line.format(**(logs or {})), flush=True)


def images(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels from 0 to 1 and labels, from either copy of MNIST in the channel."""
    folder = Path(os.environ["SM_CHANNEL_TRAINING"])
    pixels, labels = np.load(folder / f"{part}_data.npy"), np.load(folder / f"{part}_labels.npy")
    scale = 255 if pixels.dtype == np.uint8 else 1
    return pixels.reshape(-1, SIDE, SIDE).astype("float32") / scale, labels.astype("int64").ravel()


def network(given: argparse.Namespace) -> keras.Model:
    normalize = keras.layers.Rescaling(
        1 / given.normalization_std, offset=-given.normalization_mean / given.normalization_std
    )
    model = keras.Sequential(
        [
            keras.Input((SIDE, SIDE), name="pixels"),
            normalize,
            keras.layers.Flatten(),
            keras.layers.Dense(given.hidden_units, activation="relu"),
            keras.layers.Dropout(given.dropout),
            keras.layers.Dense(DIGITS, activation="softmax"),
        ]
    )
    optimizer = keras.optimizers.get(
        {"class_name": given.optimizer, "config": {"learning_rate": given.learning_rate}}
    )
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden_units", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch_size", type=int, default=64)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--learning_rate", type=float, default=0.002)
    parser.add_argument("--normalization_mean", type=float, default=0.1307)
    parser.add_argument("--normalization_std", type=float, default=0.3081)
    parser.add_argument("--seed", type=int, default=7)
    given, _ = parser.parse_known_args()  # the TensorFlow image adds --model_dir, an S3 address
    return given


def main() -> None:
    given = arguments()
    keras.utils.set_random_seed(given.seed)
    model = network(given)
    model.fit(
        *images("train"),
        validation_data=images("eval"),
        batch_size=given.batch_size,
        epochs=given.epochs,
        callbacks=[Report()],
        verbose=0,
    )
    model.export(Path(os.environ["SM_MODEL_DIR"]) / VERSION, verbose=False)


if __name__ == "__main__":
    main()
