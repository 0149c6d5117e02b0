"""Draw small inline SVG plots: two distributions on one axis, and a distance over time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from .columns import Column

WIDTH, HEIGHT, BARS, VALUES = 220, 48, 24, 8
TAIL = 0.005  # of either end that the axis leaves out: one far value would flatten the rest
SPARK_WIDTH, SPARK_HEIGHT = 110, 30
TREND_WIDTH, TREND_HEIGHT = 860, 120


def distributions(was: Column | None, now: Column | None) -> str:
    """Draw the baseline as bars and the current rows as a line, over the same bins."""
    if not (was and now and was.present and now.present and was.numeric == now.numeric):
        return ""
    if was.numeric:
        edges = _edges(was, now)
        before, after = _shares(was, edges), _shares(now, edges)
        labels = [f"{edges[0]:.4g}", f"{edges[-1]:.4g}"]
    else:
        values = _largest(was, now)
        before = np.array([was.texts.share(v) for v in values])
        after = np.array([now.texts.share(v) for v in values])
        labels = [values[0], values[-1]]
    return _picture(was.name, before, after, labels)


def _edges(was: Column, now: Column) -> np.ndarray:
    ends = [_middle(column) for column in (was, now)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    return np.linspace(low, high if high > low else low + 1, BARS + 1)


def _middle(column: Column) -> tuple[float, float]:
    items, weights = column.numbers.sketch.weighted()
    reached = np.cumsum(weights) / weights.sum()
    low, high = np.searchsorted(reached, [TAIL, 1 - TAIL])
    return float(items[low]), float(items[min(high, len(items) - 1)])


def _shares(column: Column, edges: np.ndarray) -> np.ndarray:
    """Return the share of the rows in each bin; values beyond the axis count in its end bins."""
    below = column.numbers.sketch.cdf(edges, inclusive=False)
    below[0], below[-1] = 0.0, 1.0
    return np.asarray(np.diff(below))


def _largest(was: Column, now: Column) -> list[str]:
    values = was.texts.counts.keys() | now.texts.counts.keys()
    shares = {v: max(was.texts.share(v), now.texts.share(v)) for v in values}
    return sorted(values, key=lambda v: (-shares[v], v))[:VALUES]


def _picture(name: str, before: np.ndarray, after: np.ndarray, labels: list[str]) -> str:
    step = WIDTH / len(before)
    top = max(float(before.max()), float(after.max())) or 1.0
    bars = "".join(
        f"M{i * step:.0f} {HEIGHT}v-{HEIGHT * share / top:.0f}h{step - 1:.0f}V{HEIGHT}"
        for i, share in enumerate(before)
        if share > 0
    )
    heights = [HEIGHT - (HEIGHT - 1) * float(share) / top for share in after]
    line = "".join(f"V{height:.0f}h{step:.1f}" for height in heights)
    low, high = (escape(label[:14]) for label in labels)
    return (
        f"<svg width={WIDTH} height={HEIGHT + 13} role=img aria-label='{escape(name)}: baseline "
        f"and now'><path class=b d='{bars}'/><path class=c d='M0 {HEIGHT}{line}'/>"
        f"<text x=0 y={HEIGHT + 11}>{low}</text><text x={WIDTH} y={HEIGHT + 11} "
        f"text-anchor=end>{high}</text></svg>"
    )


def spark(values: Sequence[float | None], threshold: float) -> str:
    """Draw one column's distance over the last windows, with its threshold."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    top = max(*known, threshold) * 1.1
    step = SPARK_WIDTH / (len(values) - 1)
    points = " ".join(
        f"{i * step:.0f},{SPARK_HEIGHT * (1 - v / top):.0f}"
        for i, v in enumerate(values)
        if v is not None
    )
    level = SPARK_HEIGHT * (1 - threshold / top)
    return (
        f"<svg width={SPARK_WIDTH} height={SPARK_HEIGHT} role=img aria-label='distance over the "
        f"last windows'><path class=t d='M0 {level:.0f}h{SPARK_WIDTH}'/>"
        f"<polyline class=c points='{points}'/></svg>"
    )


def trend(windows: Sequence[tuple[str, str, float | None]], warn: float, alert: float) -> str:
    """Draw the largest distance of each window (label, outcome, distance) as dots, oldest first."""
    known = [distance for _, _, distance in windows if distance is not None]
    top = max([*known, alert]) * 1.15
    step = (TREND_WIDTH - 60) / (len(windows) - 1)

    def height(value: float) -> float:
        return TREND_HEIGHT * (1 - value / top)

    dots = "".join(
        f"<circle class=d-{outcome} cx={20 + i * step:.0f} cy={height(gap or 0.0):.0f} r=4>"
        f"<title>{escape(label)}: {outcome}{'' if gap is None else f', {gap:.3f}'}</title></circle>"
        for i, (label, outcome, gap) in enumerate(windows)
    )
    line = " ".join(
        f"{20 + i * step:.0f},{height(gap):.0f}"
        for i, (_, _, gap) in enumerate(windows)
        if gap is not None
    )
    levels = "".join(
        f"<path class=t d='M0 {height(level):.0f}h{TREND_WIDTH - 40}'/>"
        f"<text x={TREND_WIDTH} y={height(level) + 4:.0f} text-anchor=end>{word}</text>"
        for level, word in ((warn, "warn"), (alert, "alert"))
    )
    ends = (
        f"<text x=0 y={TREND_HEIGHT + 16}>{escape(windows[0][0])}</text>"
        f"<text x={TREND_WIDTH - 40} y={TREND_HEIGHT + 16} text-anchor=end>"
        f"{escape(windows[-1][0])}</text>"
    )
    return (
        f"<svg class=trend viewBox='0 0 {TREND_WIDTH} {TREND_HEIGHT + 20}' role=img aria-label='"
        f"largest distance of the last windows'>{levels}<polyline class=l points='{line}'/>"
        f"{dots}{ends}</svg>"
    )
