"""Separate the rows of a window from the baseline's: a domain classifier, cross-validated.

A linear discriminant on features and on products of two of them, so that a change of how columns
go together shows where no column has moved. Which products it takes is chosen within each fold, by
the means that changed most; so there are few, and chance does not look like drift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .row_features import Features

FOLDS = 5
TERMS = 20  # features and products that a fold's discriminant has
RIDGE = 0.1  # of the terms' mean variance
SURE = 5.0  # standard errors by which a term has changed that is named
SEED = 7
REPEATED = 1.05  # rows that stand for one, beyond which they stay in one fold

Array = np.ndarray
Sums = tuple[float, Array, Array]  # rows, sums of products, and sums of their squares


@dataclass(frozen=True)
class Separation:
    """The result: how well the rows can be separated, and by which terms.

    *rows* is the number of independent rows of the window: those that repeat others say nothing
    new. *terms* are pairs of features whose product says most, the best first; None stands for 1.
    """

    auc: float
    rows: float
    others: int
    terms: list[tuple[int | None, int]]


class _Side:
    """The rows of one sample, cut into folds, with the sums of products of each fold."""

    def __init__(self, rows: Array, folds: Array) -> None:
        self._rows = np.column_stack([np.ones(len(rows)), rows, _bows(rows)])
        self._folds = folds
        self._parts = [_sums(self._rows[folds == fold]) for fold in range(FOLDS)]
        self.total = _added(self._parts)

    def without(self, fold: int) -> Sums:
        """Return the sums of the rows outside of a fold."""
        return _taken(self.total, self._parts[fold])

    def terms(self, chosen: Array, terms: tuple[Array, Array]) -> Array:
        """Return the products of the features of some rows."""
        rows = self._rows[chosen]
        return np.asarray(rows[:, terms[0]] * rows[:, terms[1]])

    def inside(self, fold: int) -> Array:
        """Return which rows are in a fold."""
        return np.asarray(self._folds == fold)


def separate(features: Features) -> Separation:
    """Return the cross-validated AUC: 0.5 where nothing distinguishes the rows."""
    rows, groups = _independent(features.was, features.now)
    folds = _folds(len(features.was), len(features.now), groups)
    was, now = _Side(features.was, folds[0]), _Side(features.now, folds[1])
    auc = float(np.mean([_fold(was, now, fold) for fold in range(FOLDS)]))
    scores = _changes(was.total, now.total)
    terms = _named(_best(scores), scores, len(features.names))
    return Separation(auc, rows, len(features.was), terms)


def _fold(was: _Side, now: _Side, fold: int) -> float:
    """Return the AUC of a fold's rows, by what the other folds say."""
    terms = _best(_changes(was.without(fold), now.without(fold)))
    weights = _discriminant(
        was.terms(~was.inside(fold), terms), now.terms(~now.inside(fold), terms)
    )
    return area(
        was.terms(was.inside(fold), terms) @ weights, now.terms(now.inside(fold), terms) @ weights
    )


def _bows(rows: Array) -> Array:
    """Return the second Hermite polynomial of each score: high at both ends."""
    return np.asarray((np.square(rows) - 1) / np.sqrt(2))


def _independent(was: Array, now: Array) -> tuple[float, Array | None]:
    """Return how many independent rows the window has, and what rows are the same as others.

    Rows that coincide more often than the baseline's are repetitions: a client that retries, or a
    test that sends the same records.
    """
    _, groups = np.unique(np.vstack([was, now]), axis=0, return_inverse=True)
    groups = groups.reshape(-1)
    chance, share = _coincidence(groups[: len(was)]), _coincidence(groups[len(was) :])
    each = 1 + max(0.0, share - chance) * (len(now) - 1)
    return len(now) / each, groups if each > REPEATED else None


def _coincidence(groups: Array) -> float:
    """Return the share of the pairs of rows that are the same."""
    counts = np.bincount(groups)
    rows = len(groups)
    return float((counts * (counts - 1)).sum() / (rows * (rows - 1))) if rows > 1 else 0.0


def _folds(was: int, now: int, groups: Array | None) -> tuple[Array, Array]:
    """Return the fold of each row; repetitions share one, else a fold would know its answers."""
    draw = np.random.default_rng(SEED)
    if groups is None:
        return draw.permutation(was) % FOLDS, draw.permutation(now) % FOLDS
    folds = (draw.permutation(int(groups.max()) + 1) % FOLDS)[groups]
    return folds[:was], folds[was:]


def _sums(rows: Array) -> Sums:
    squares = np.square(rows)
    return float(len(rows)), rows.T @ rows, squares.T @ squares


def _added(parts: list[Sums]) -> Sums:
    rows, first, second = zip(*parts, strict=True)
    return float(sum(rows)), np.sum(first, axis=0), np.sum(second, axis=0)


def _taken(total: Sums, part: Sums) -> Sums:
    return total[0] - part[0], total[1] - part[1], total[2] - part[2]


def _changes(was: Sums, now: Sums) -> Array:
    """Return by pair of features how much its product's mean has changed, in standard errors."""
    means, spreads = [], []
    for rows, first, second in (was, now):
        mean = first / max(rows, 1.0)
        means.append(mean)
        spreads.append(np.maximum(second / max(rows, 1.0) - np.square(mean), 0) / max(rows, 1.0))
    noise = np.sqrt(spreads[0] + spreads[1])
    change = np.abs(means[1] - means[0])
    return np.asarray(np.divide(change, noise, out=np.zeros_like(change), where=noise > 1e-12))


def _best(scores: Array) -> tuple[Array, Array]:
    """Return the pairs of features whose product has changed most."""
    first, second = np.triu_indices(len(scores))
    flat = scores[first, second]
    order = np.argsort(-flat, kind="stable")[:TERMS]
    return first[order], second[order]


def _discriminant(was: Array, now: Array) -> Array:
    """Return the weights of Fisher's discriminant, whose covariance a ridge makes invertible."""
    first, second = (rows.mean(axis=0) for rows in (was, now))
    spread = (np.cov(was.T, bias=True) + np.cov(now.T, bias=True)) / 2
    spread = np.atleast_2d(spread)
    scale = np.sqrt(np.maximum(np.diag(spread), 1e-12))
    standard = spread / np.outer(scale, scale) + RIDGE * np.eye(len(scale))
    return np.asarray(np.linalg.solve(standard, (second - first) / scale) / scale)


def area(was: Array, now: Array) -> float:
    """Return the probability that a row of *now* scores higher than one of *was*."""
    if not len(was) or not len(now):
        return 0.5
    order = np.sort(was)
    below = np.searchsorted(order, now, "left") + np.searchsorted(order, now, "right")
    return float(below.mean() / (2 * len(was)))


def _named(terms: tuple[Array, Array], scores: Array, width: int) -> list[tuple[int | None, int]]:
    """Return the terms that chance does not explain as pairs of features.

    A feature and its bow are the same one here.
    """
    pairs = []
    sure = scores[terms] > SURE
    for first, second in zip(terms[0][sure], terms[1][sure], strict=True):
        pair = [None if place == 0 else (int(place) - 1) % width for place in (first, second)]
        if pair[1] is not None:
            pairs.append((pair[0], pair[1]))
    return list(dict.fromkeys(pairs))
