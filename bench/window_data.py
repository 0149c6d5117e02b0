"""Windows of a drift study: columns that go together, and a model unsure of some of its rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

Array = np.ndarray
COLUMNS = 20  # of numbers; five pairs of them are correlated
CORRELATION = 0.6
SHARE = 0.5  # of the truth's odds that the model's own odds are too far from 0


def rows(count: int, seed: list[int], kind: str = "none", strength: float = 0.0) -> Array:
    """
    Return normal columns.

    :param kind: `correlation` lowers that of the first pair by *strength*, `new` correlates two
        columns that were not, `curve` lets one follow the distance of the other from its middle, in
        that share of the rows; none of them moves a column. `jitter` shifts each column by chance.
    """
    draw = np.random.default_rng(seed)
    table = draw.standard_normal((count, COLUMNS))
    for first in range(0, COLUMNS // 2, 2):
        kept = CORRELATION - (strength if kind == "correlation" and first == 0 else 0.0)
        table[:, first + 1] = _mixed(table[:, first], table[:, first + 1], kept)
    if kind == "new":
        table[:, -2] = _mixed(table[:, -1], table[:, -2], strength)
    if kind == "curve":
        followed = draw.random(count) < strength
        ranks = np.argsort(np.argsort(np.abs(table[:, -1])))
        table[followed, -2] = np.sort(draw.standard_normal(count))[ranks][followed]
    if kind == "jitter":
        table += strength * draw.standard_normal(COLUMNS)
    return table


def _mixed(first: Array, second: Array, correlation: float) -> Array:
    return np.asarray(correlation * first + np.sqrt(1 - correlation**2) * second)


def batch(table: Array) -> pa.RecordBatch:
    """Return the rows as a window has them: skewed, rounded and cut into categories."""
    columns: dict[str, pa.Array] = {}
    for place in range(table.shape[1]):
        latent = table[:, place]
        shapes = (latent, np.exp(latent), np.round(20 + 4.5 * latent), latent)
        cells = shapes[place % 4]
        if place % 10 == 7:
            names = np.array(["bronze", "silver", "gold"])[np.digitize(latent, (-0.5, 0.8))]
            columns[f"c{place}"] = pa.array(names.tolist())
        else:
            columns[f"c{place}"] = pa.array(cells)
    return pa.RecordBatch.from_pydict(columns)


def answered(
    count: int, seed: list[int], centre: float = -1.5, spread: float = 2.0, concept: float = 0.0
) -> tuple[Array, Array]:
    """
    Return labels, and the answers of a model that is too sure of itself.

    :param centre: The middle of the log odds: how many are positive.
    :param spread: Their standard deviation: the smaller, the less the model can know.
    :param concept: The share of the rows whose label no longer follows the model's reasons.
    """
    draw = np.random.default_rng(seed)
    odds = centre + spread * draw.standard_normal(count)
    chances = 1 / (1 + np.exp(-odds))
    changed = draw.random(count) < concept
    labels = draw.random(count) < np.where(changed, chances.mean(), chances)
    return labels.astype(int), np.asarray(1 / (1 + np.exp(-odds / SHARE)))


def answered_classes(count: int, seed: list[int], sharpness: float = 2.5) -> tuple[Array, Array]:
    """Return labels of three classes, and a model's probability of each."""
    draw = np.random.default_rng(seed)
    odds = sharpness * draw.standard_normal((count, 3))
    truth, given = (_shares(scale * odds) for scale in (1.0, 1.5))
    labels = (draw.random((count, 1)) > np.cumsum(truth, axis=1)).sum(axis=1)
    return np.minimum(labels, 2), given


def _shares(odds: Array) -> Array:
    powers = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
