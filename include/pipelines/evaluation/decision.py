"""Decide between challenger and champion by the interval around the gain."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from prodml.vocabulary import Json

from include.pipelines.definition.pipeline import Pipeline

STAYS = "Production stays as it is."
BEYOND = 100  # times the holdout's rows, at which more rows are no way to a decision


class Outcome(StrEnum):
    """The verdicts on a challenger; only an accepted one is deployed."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_SURE = "not sure"
    NOT_COMPARABLE = "NOT_COMPARABLE"


class Decision(NamedTuple):
    """A verdict with its reason, in a sentence."""

    outcome: Outcome
    reason: str


def decide(pipeline: Pipeline, evaluated: Json, min_gain: float) -> Decision:
    """Return the verdict of an evaluation.

    The challenger is accepted if all of the interval around its gain reaches *min_gain*, and
    rejected if none of it does, or if it breaks a guard. Otherwise the rows are too few.
    """
    score = pipeline.judged_by
    mine = _score(evaluated, "challenger", score)
    if evaluated["champion"] is None:
        reason = f"Accepted: {score} {mine:.4f}, and there is no champion yet."
        return Decision(Outcome.ACCEPTED, reason)
    compared = f"{score} {mine:.4f} against the champion's "
    compared += f"{_score(evaluated, 'champion', score):.4f}"
    better = evaluated["gains"][score]
    low, high = better["interval"]
    measured = f"better by {better['value']:.4f} ({low:.4f} to {high:.4f}"
    measured += f" with {evaluated['confidence']:.0%} confidence)"
    if high < min_gain:
        reason = f"Rejected: {compared}, {measured}, not by {min_gain}. {STAYS}"
        return Decision(Outcome.REJECTED, reason)
    if broken := list(_broken(pipeline, evaluated)):
        reason = f"Rejected: {compared}, but {'; '.join(broken)}. {STAYS}"
        return Decision(Outcome.REJECTED, reason)
    if low < min_gain:
        reason = f"Not sure: {compared}, {measured}, which may be more or less than {min_gain}. "
        return Decision(Outcome.NOT_SURE, f"{reason}{STAYS} {_advice(evaluated, score, min_gain)}")
    return Decision(Outcome.ACCEPTED, f"Accepted: {compared}, {measured}.")


def _score(evaluated: Json, role: str, score: str) -> float:
    """Return the value of a score; refuse a holdout whose labels do not allow it."""
    scores: Json = evaluated[role]["scores"]
    if score not in scores:
        kind = "equal labels" if evaluated["problem"] == "regression" else "only one class"
        raise ValueError(
            f"The holdout has {kind}, so that there is no {score}. Choose a window whose newest "
            "partition has more."
        )
    return float(scores[score]["value"])


def _broken(pipeline: Pipeline, evaluated: Json) -> Iterator[str]:
    """Yield a phrase for every guard that the challenger violates."""
    for score, allowed in pipeline.guards.items():
        loss = -evaluated["gains"][score]["value"]
        if loss > allowed:
            yield f"its {score} is worse by {loss:.4f}, and {allowed} is allowed"


def _advice(evaluated: Json, score: str, min_gain: float) -> str:
    """Say how many more rows would decide, if the gain stays: an interval narrows by their root."""
    better, rows = evaluated["gains"][score], evaluated["rows"]
    low, high = better["interval"]
    missing = abs(better["value"] - min_gain)
    times = ((high - low) / 2 / missing) ** 2 if missing else BEYOND
    way_out = "Deploy it by deploy_model if you know better."
    if times >= BEYOND:
        return f"The gain is so close to {min_gain} that more rows would hardly decide. {way_out}"
    more = f"{float(f'{rows * (times - 1):.2g}'):,.0f}"
    return f"About {more} more rows in the holdout of {rows:,} would decide. {way_out}"
