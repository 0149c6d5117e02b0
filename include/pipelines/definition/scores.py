"""Score predictions on a holdout; each score has a direction in which it is better.

Pure Python over thousands of rows: a task needs no numeric library for it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
Numbers = Sequence[float]


class Score(NamedTuple):
    """A function of truth and predictions, and whether a higher value is better."""

    of: Callable[[Numbers, Numbers], float]
    more_is_better: bool


def scorecard(
    problem: str,
    truth: Numbers,
    predictions: Numbers,
    output: str = "the transform job's output",
) -> dict[str, float]:
    """Return every score of *problem* by name.

    Binary predictions are chances, multiclass ones are classes; *output* is their address.
    """
    if len(truth) != len(predictions):
        raise ValueError(
            f"{len(predictions)} predictions for {len(truth)} rows: the transform job lost or made "
            f"rows. Read {output}."
        )
    if strange := [p for p in predictions if not valid(problem, p)]:
        raise ValueError(
            f"{strange[0]} is not a prediction of a {problem} model. Read {output}, and fix the "
            "model's script."
        )
    return {name: score.of(truth, predictions) for name, score in SCORES[problem].items()}


def valid(problem: str, prediction: float) -> bool:
    """Return whether *prediction* is valid for the problem."""
    return math.isfinite(prediction) and (problem != BINARY or 0.0 <= prediction <= 1.0)


def gain(problem: str, score: str, challenger: float, champion: float) -> float:
    """Return by how much the challenger is better; negative if it is worse."""
    difference = challenger - champion
    return difference if SCORES[problem][score].more_is_better else -difference


def worse_than_allowed(
    problem: str, guards: Mapping[str, float], challenger: Mapping[str, float], champion: object
) -> list[str]:
    """Return a phrase for every guard that the challenger violates."""
    if not isinstance(champion, Mapping):
        return []
    losses = {s: -gain(problem, s, challenger[s], champion[s]) for s in guards}
    return [
        f"its {score} is worse by {loss:.4f}, and {guards[score]} is allowed"
        for score, loss in losses.items()
        if loss > guards[score]
    ]


def auc(labels: Numbers, scores: Numbers) -> float:
    """Return the probability that a positive ranks above a negative; ties share a rank."""
    positives = sum(labels)
    if not 0 < positives < len(labels):
        raise ValueError(
            "The holdout has only one class. Choose a window whose newest partition has both."
        )
    ranks = _mean_ranks(scores)
    total = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    area = total - positives * (positives + 1) / 2
    return area / (positives * (len(labels) - positives))


def _mean_ranks(scores: Numbers) -> list[float]:
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks = [0.0] * len(scores)
    first = 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and scores[order[last + 1]] == scores[order[first]]:
            last += 1
        for place in range(first, last + 1):
            ranks[order[place]] = (first + last) / 2 + 1
        first = last + 1
    return ranks


def log_loss(labels: Numbers, chances: Numbers) -> float:
    """Return the log loss, with probabilities kept away from 0 and 1."""
    kept = (min(max(chance, 1e-15), 1 - 1e-15) for chance in chances)
    surprise = [
        math.log(chance if label else 1 - chance)
        for label, chance in zip(labels, kept, strict=True)
    ]
    return -sum(surprise) / len(surprise)


def accuracy(labels: Numbers, predictions: Numbers) -> float:
    return sum(a == round(p) for a, p in zip(labels, predictions, strict=True)) / len(labels)


def recall(labels: Numbers, chances: Numbers) -> float:
    """Return the share of positives with a probability of at least 0.5."""
    hits = [chance >= 0.5 for label, chance in zip(labels, chances, strict=True) if label]
    return sum(hits) / len(hits)


def balanced_accuracy(labels: Numbers, predictions: Numbers) -> float:
    """Return the mean share of each class that is recognised."""
    shares = []
    for wanted in sorted(set(labels)):
        hits = [p == a for a, p in zip(labels, predictions, strict=True) if a == wanted]
        shares.append(sum(hits) / len(hits))
    return sum(shares) / len(shares)


def rmse(truth: Numbers, predictions: Numbers) -> float:
    squares = [(a - p) ** 2 for a, p in zip(truth, predictions, strict=True)]
    return math.sqrt(sum(squares) / len(squares))


def mae(truth: Numbers, predictions: Numbers) -> float:
    return sum(abs(a - p) for a, p in zip(truth, predictions, strict=True)) / len(truth)


def r2(truth: Numbers, predictions: Numbers) -> float:
    """Return the share of the variance that is explained; 0 is as good as the mean."""
    mean = sum(truth) / len(truth)
    total = sum((a - mean) ** 2 for a in truth)
    if not total:
        raise ValueError("All labels of the holdout are equal. Choose another window.")
    return 1 - rmse(truth, predictions) ** 2 * len(truth) / total


SCORES: dict[str, dict[str, Score]] = {
    BINARY: {
        "auc": Score(auc, True),
        "log_loss": Score(log_loss, False),
        "accuracy": Score(accuracy, True),
        "recall": Score(recall, True),
    },
    MULTICLASS: {
        "accuracy": Score(accuracy, True),
        "balanced_accuracy": Score(balanced_accuracy, True),
    },
    REGRESSION: {"rmse": Score(rmse, False), "mae": Score(mae, False), "r2": Score(r2, True)},
}


HIGHER = frozenset(
    {
        *("accuracy", "auc", "aucpr", "auprc", "auroc", "bleu", "f1", "kappa", "mcc", "ndcg"),
        *("precision", "r2", "recall", "rouge", "sensitivity", "specificity"),
    }
)
LOWER = frozenset(
    {
        *("deviance", "error", "errors", "latency", "logloss", "loss", "mae", "mape", "merror"),
        *("mlogloss", "mphe", "mse", "nll", "nloglik", "perplexity", "rmse", "rmsle", "wer"),
    }
)
WHOLE = frozenset({"ap", "map", "pre"})  # higher, but only as the whole name of a metric
OPPOSITE = frozenset({"neg", "negative"})  # scikit-learn's neg_log_loss is better the higher
EDGES = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")


def better_direction(metric: str) -> str | None:
    """Return the direction in which *metric* is better; None if its name does not say it.

    The name may have a data set before it (`validation:`) and a parameter after it (`@5`).
    """
    name = metric.rpartition(":")[2].partition("@")[0]
    words = {word.lower() for word in EDGES.split(name)}
    higher = bool(words & HIGHER) or name.lower() in WHOLE
    if higher == bool(words & LOWER):
        return None
    return "Maximize" if higher != bool(words & OPPOSITE) else "Minimize"


def refuse_direction(metric: str, direction: str) -> None:
    """Refuse a *direction* that contradicts a known metric."""
    wanted = better_direction(metric)
    if wanted and direction != wanted:
        better = "higher" if wanted == "Maximize" else "lower"
        raise ValueError(
            f"direction is {direction!r}, but a {better} {metric} is better. Choose {wanted}."
        )
