"""Show the verdicts on the window as a whole: all columns together, and the estimated scores."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from .documents import Json
from .estimates import LOSSES, SEES, Estimate, Estimated
from .findings import Status
from .joint import Joint, Pair
from .plots import spark

DRAWN = 3  # pairs of columns with a picture
DOTS = 300  # of each sample
SIDE, END = 150, 3.2  # of a picture, in pixels and in standard deviations
AXIS = 240  # pixels of a scale
PAIR_SAYS = "Baseline (pale) and now (strong), by the rank of each value."


def badge(status: str) -> str:
    """Return an outcome as the page shows it."""
    return f"<span class='badge {status}'>{status}</span>"


def joint_section(joint: Joint, past: Sequence[Json]) -> str:
    """Say how well the rows separate from the baseline's, and which columns part company."""
    title = "<h2>All columns together</h2>"
    if joint.separation is None:
        return f"{title}<p class=dim>Not judged. {escape(joint.reason or '')}</p>"
    separation, status = joint.separation, joint.status.name
    text = (
        f"<p>{badge(status)} A classifier separates the window's rows from the baseline's "
        f"with an AUC of <b>{separation.auc:.3f}</b>, which is {joint.distance:.3f} "
        f"beyond chance (a warning begins at {joint.limits.warn:g}, an alert at "
        f"{joint.limits.alert:g}). 0.5 says that they do not differ; {joint.detectable:.3f} would "
        f"have been seen. {joint.columns} columns, {joint.rows:,} rows{_repeats(joint)} against "
        f"{separation.others:,}.</p>"
    )
    trend = spark([window.get("joint") for window in past], joint.limits.warn)
    pictures = "".join(_pair(pair) for pair in joint.pairs[:DRAWN])
    more = [f"{p.name} ({p.was:+.2f} to {p.now:+.2f})" for p in joint.pairs[DRAWN:]]
    rest = f"<p class=dim>Also: {escape(', '.join(more))}.</p>" if more else ""
    says = f"<p class=dim>{PAIR_SAYS}</p>" if pictures else ""
    return f"{title}{text}{trend}<div class=pairs>{pictures}</div>{says}{rest}"


def _repeats(joint: Joint) -> str:
    if joint.separation is None or joint.separation.rows > 0.95 * joint.rows:
        return ""
    return f" that say as much as {joint.separation.rows:,.0f}, for they repeat each other,"


def _pair(pair: Pair) -> str:
    dots = "".join(
        f"<path class={name} d='{_dots(points)}'/>"
        for name, points in zip(("pb", "pc"), pair.points, strict=True)
    )
    first, second = map(escape, pair.columns)
    return (
        f"<figure><svg width={SIDE} height={SIDE} role=img aria-label='{first} and {second}: "
        f"baseline and now'><path class=l d='M0 0V{SIDE}H{SIDE}'/>{dots}</svg><figcaption>{first}"
        f"<br>{second}<small>correlation {pair.was:+.2f}, now {pair.now:+.2f}</small></figcaption>"
        "</figure>"
    )


def _dots(points: np.ndarray) -> str:
    places = np.clip((points[:DOTS] + END) / (2 * END), 0, 1) * SIDE
    return "".join(f"M{x:.0f} {SIDE - y:.0f}h.1" for x, y in places)


def estimate_section(estimated: Estimated | None, past: Sequence[Json]) -> str:
    """Say what the scores are estimated to be, and what an estimate cannot see."""
    if estimated is None:
        return ""
    title = "<h2>Estimated performance, without labels</h2>"
    if not estimated.values:
        return f"{title}<p class=dim>Not estimated. {escape(estimated.reason or '')}</p>"
    status = estimated.status.name
    rows = "".join(
        f"<tr><td>{escape(name)}{'<small>decides</small>' if name == estimated.score else ''}"
        f"<td class=n>{one.value:.4f}<small>&plusmn; {one.deviation:.4f}</small>"
        f"<td class=n>{one.expected.estimated:.4f}"
        f"<small>{one.expected.measured:.4f} by labels</small><td>{_scale(name, one)}"
        for name, one in estimated.values.items()
    )
    values = [window.get("estimated") for window in past]
    trend = ""
    if estimated.score in estimated.values:
        bounds = estimated.values[estimated.score].bounds(estimated.score in LOSSES)
        trend = spark(values, bounds[0])
    return (
        f"{title}<p>{badge(status)} {escape(estimate_says(estimated))} <span class=dim>{SEES}"
        f"</span></p>{trend}<div class=wide><table><tr><th>Score<th>Estimated<th>On the holdout"
        f"<th>Warning and alert (dashed), estimate{rows}</table></div>"
    )


def _scale(name: str, one: Estimate) -> str:
    """Draw the estimate with its deviation between what was expected and what alerts."""
    warn, alert = one.bounds(name in LOSSES)
    known = [warn, alert, one.expected.estimated, one.value - one.deviation]
    known.append(one.value + one.deviation)
    low, high = min(known), max(known)
    margin = (high - low) * 0.08 or 0.01

    def at(value: float) -> str:
        return f"{AXIS * (value - low + margin) / (high - low + 2 * margin):.0f}"

    dashed = "".join(f"<path class=t d='M{at(level)} 2v20'/>" for level in (warn, alert))
    width = f"M{at(one.value - one.deviation)} 12H{at(one.value + one.deviation)}"
    return (
        f"<svg width={AXIS} height=24 role=img aria-label='{escape(name)}: estimate and limits'>"
        f"<path class=l d='M0 12h{AXIS}'/>{dashed}<circle class=b cx={at(one.expected.estimated)} "
        f"cy=12 r=5 /><path class=c d='{width}'/><circle class=d-{_level(name, one)} "
        f"cx={at(one.value)} cy=12 r=4 /></svg>"
    )


def _level(name: str, one: Estimate) -> str:
    return one.status(name in LOSSES).name


def estimate_says(estimated: Estimated) -> str:
    """Return the score that decides, as a sentence."""
    if estimated.score not in estimated.values:
        return f"The {estimated.score} cannot be estimated of these answers."
    one = estimated.values[estimated.score]
    return (
        f"The {estimated.score} is estimated at {one.value:.3f} by {estimated.rows:,} answers; "
        f"the holdout's is {one.expected.estimated:.3f} by the same estimate."
    )


def whole_sentences(joint: Joint, estimated: Estimated | None) -> list[str]:
    """Return what the page's first line says about the window as a whole."""
    sentences = []
    if joint.status:
        pairs = ", ".join(pair.name for pair in joint.pairs)
        firm = "no longer" if joint.status == Status.ALERT else "not quite"
        sentences.append(f"The columns {firm} go together as they did{pairs and f': {pairs}'}.")
    if estimated and estimated.status:
        sentences.append(estimate_says(estimated))
    return sentences
