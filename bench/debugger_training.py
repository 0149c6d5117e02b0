"""Train small models for the benchmark of the training debugger, and keep the lines they log.

Networks report through the hook that scripts import; boosting prints what AWS's XGBoost prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from prodml.debugger.hook import Hook
from sklearn.datasets import load_digits, make_classification, make_friedman1
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import log_loss

Array = np.ndarray[Any, Any]
Activation = tuple[Callable[[Array], Array], Callable[[Array], Array]]
ACTIVATIONS: dict[str, Activation] = {
    "relu": (lambda x: np.maximum(x, 0), lambda a: (a > 0).astype(float)),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))), lambda a: a * (1 - a)),
    "linear": (lambda x: x, np.ones_like),
}
REPORT = 10  # steps between two lines of the hook


@dataclass
class Data:
    """Rows for training and validation; the targets of a regression are numbers."""

    train: Array
    target: Array
    held: Array
    held_target: Array
    classes: int = 0

    @classmethod
    def split(cls, rows: Array, target: Array, classes: int = 0, train: int | None = None) -> Data:
        scaled = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-9)
        cut = train or int(0.8 * len(rows))
        return cls(
            scaled[:cut],
            target[:cut],
            scaled[-len(rows) // 5 :],
            target[-len(rows) // 5 :],
            classes,
        )


@cache
def _digits() -> tuple[Array, Array]:
    rows, labels = load_digits(return_X_y=True)
    return rows, labels


def digits(seed: int, rows: int | None = None) -> Data:
    """Return images of ten classes in random order; *rows* of them for training."""
    images, labels = _digits()
    order = np.random.default_rng(seed).permutation(len(images))
    return Data.split(images[order], labels[order], 10, rows)


def binary(seed: int, minority: float = 0.15, noise: float = 0.02, rows: int = 2000) -> Data:
    """Return rows of two classes; *minority* is the share of the smaller class."""
    made = {"n_samples": rows, "n_features": 12, "n_informative": 6, "flip_y": noise}
    table, labels = make_classification(
        **made, weights=[1 - minority], class_sep=1.0, random_state=seed
    )
    return Data.split(table, labels, 2)


def regression(seed: int) -> Data:
    rows, target = make_friedman1(1500, n_features=10, noise=0.5, random_state=seed)
    return Data.split(rows, (target - target.mean()) / target.std())


@dataclass
class Network:
    """A fully connected network and how it is trained; faults are values of its fields."""

    hidden: tuple[int, ...] = (32,)
    activation: str = "relu"
    rate: float = 0.1
    momentum: float = 0.0
    epochs: int = 60
    early_stopping: int = 10
    batch: int = 64
    initial: float = 1.0  # times He's deviation
    bias: float = 0.0
    frozen: int | None = None  # index of a layer whose weights stay
    schedule: Callable[[int], float] = field(default=lambda epoch: 1.0)
    stall: Callable[[int], float] = field(default=lambda step: 0.0)  # seconds lost by a step

    def lines(self, data: Data, seed: int) -> Iterator[str]:
        """Train, and yield what the script prints."""
        with np.errstate(all="ignore"):
            yield from _Training(self, data, seed).lines()


class _Training:
    def __init__(self, network: Network, data: Data, seed: int) -> None:
        self.network, self.data = network, data
        self.random = np.random.default_rng(seed)
        self.out, self.time, self.steps = [], 0.0, 0
        self.hook = Hook(REPORT, self._written, lambda: self.time)
        sizes = (data.train.shape[1], *network.hidden, data.classes or 1)
        self.weights = {
            f"layer{n}": self.random.normal(0, network.initial * (2 / a) ** 0.5, (a, b))
            for n, (a, b) in enumerate(pairwise(sizes))
        }
        self.bias = {name: np.full(w.shape[1], network.bias) for name, w in self.weights.items()}
        self.speed = {name: np.zeros_like(w) for name, w in self.weights.items()}
        self.act, self.slope = ACTIVATIONS[network.activation]

    out: list[str]

    def _written(self, line: str) -> None:
        self.out.append(line)

    def lines(self) -> Iterator[str]:
        best, since = np.inf, 0
        for epoch in range(self.network.epochs):
            order = self.random.permutation(len(self.data.train))
            for first in range(0, len(order), self.network.batch):
                self._step(order[first : first + self.network.batch], epoch)
            train = self._loss(self.data.train, self.data.target)
            held = self._loss(self.data.held, self.data.held_target)
            yield from self.out
            self.out.clear()
            yield f"epoch {epoch}: train:loss={train:.6g}; validation:loss={held:.6g};"
            best, since = (held, 0) if held < best else (best, since + 1)
            if since >= self.network.early_stopping:
                return

    def _forward(self, rows: Array) -> list[Array]:
        layers = [rows]
        for name, weight in self.weights.items():
            layers.append(layers[-1] @ weight + self.bias[name])
            if name != f"layer{len(self.weights) - 1}":
                layers[-1] = self.act(layers[-1])
        return layers

    def _loss(self, rows: Array, target: Array) -> float:
        answers = self._forward(rows)[-1]
        if not self.data.classes:
            return float(np.mean((answers[:, 0] - target) ** 2))
        chances = _softmax(answers)[np.arange(len(target)), target]
        return float(-np.mean(np.log(np.maximum(chances, 1e-15))))

    def _step(self, chosen: Array, epoch: int) -> None:
        rows, target = self.data.train[chosen], self.data.target[chosen]
        layers = self._forward(rows)
        error = layers[-1].copy()
        if self.data.classes:
            error = _softmax(error)
            error[np.arange(len(target)), target] -= 1
        else:
            error = 2 * (error - target[:, None])
        error = error / len(rows)
        gradients: dict[str, Array] = {}
        rate = self.network.rate * self.network.schedule(epoch)
        for number in reversed(range(len(self.weights))):
            name = f"layer{number}"
            gradients[name], shift = layers[number].T @ error, error.sum(axis=0)
            error = (error @ self.weights[name].T) * self.slope(layers[number])
            self.bias[name] = self.bias[name] - rate * shift
        for number, name in enumerate(self.weights):
            self.speed[name] = self.network.momentum * self.speed[name] + gradients[name]
            if number != self.network.frozen:
                self.weights[name] = self.weights[name] - rate * self.speed[name]
        self.steps += 1
        self.time += 0.01 * float(self.random.lognormal(0, 0.2)) + self.network.stall(self.steps)
        labels = target if self.data.classes else None
        self.hook.step(weights=self.weights, gradients=gradients, labels=labels)


def _softmax(answers: Array) -> Array:
    powers = np.exp(answers - answers.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def boosting(
    data: Data, seed: int, rounds: int = 100, depth: int = 3, rate: float = 0.1, early: int = 20
) -> Iterator[str]:
    """Train boosted trees, and yield a line for each round until early stopping."""
    model = GradientBoostingClassifier(
        n_estimators=rounds, max_depth=depth, learning_rate=rate, random_state=seed, subsample=0.8
    ).fit(data.train, data.target)
    best, since = np.inf, 0
    both = zip(
        model.staged_predict_proba(data.train), model.staged_predict_proba(data.held), strict=True
    )
    for number, (train, held) in enumerate(both):
        losses = log_loss(data.target, train), log_loss(data.held_target, held)
        yield f"[{number}]#011train-logloss:{losses[0]:.5f}#011validation-logloss:{losses[1]:.5f}"
        best, since = (losses[1], 0) if losses[1] < best else (best, since + 1)
        if since >= early:
            return
