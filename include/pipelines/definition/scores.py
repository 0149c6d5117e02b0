"""Name the scores of a holdout and the directions of metrics; a job computes the scores."""

from __future__ import annotations

import re

from include.jobs.evaluation.scores import (
    BINARY,
    MULTICLASS,
    REGRESSION,
    SCORES,
    gain,
    problem_of,
)

__all__ = ["BINARY", "MULTICLASS", "REGRESSION", "SCORES", "gain", "problem_of"]

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
