"""Decide whether a challenger beats an incumbent, and with what confidence."""

from __future__ import annotations

from dataclasses import dataclass

from prodml.comparison.confidence import LEAST_BATCHES, Mean, Range, between_means, between_shares
from prodml.comparison.variant_metrics import ERRORS, LATENCY, Record
from prodml.exceptions import InvalidInputError
from prodml.vocabulary import Direction

# The defaults of the operator and of the page.
CONFIDENCE = 0.95
HOURS = 24.0
MIN_REQUESTS = 100
MAX_ERROR_PERCENT = 1.0
UNITS = {ERRORS: " %", LATENCY: " ms"}
WAYS_OUT = "Trigger again later, change min_gain, or set confidence to 0 to compare the means."


@dataclass(frozen=True)
class Rule:
    """
    The challenger wins if it is better by *min_gain*, with *confidence*.

    Raises ValueError for an invalid confidence.
    """

    metric: str
    direction: Direction
    min_gain: float
    confidence: float

    def __post_init__(self) -> None:
        if self.confidence and not 0.5 < self.confidence <= 0.999:
            raise InvalidInputError(
                f"Invalid confidence {self.confidence:g}. Use more than 0.5, up to 0.999, or 0 to "
                "compare without a test."
            )

    @classmethod
    def of(
        cls,
        metric: str,
        direction: Direction = Direction.MINIMIZE,
        min_gain: float | None = None,
        confidence: float = CONFIDENCE,
        max_error_percent: float = MAX_ERROR_PERCENT,
    ) -> Rule:
        """Return a rule whose *min_gain*, if left out, is 0, or less for errors.

        Of two models without errors neither is ever significantly better.
        """
        if min_gain is None:
            min_gain = -max_error_percent if metric == ERRORS else 0.0
        return cls(metric, direction, min_gain, confidence)

    def decide(self, incumbent: Record, challenger: Record) -> tuple[bool | None, str]:
        """Return whether the challenger wins, and why; None if the result is not significant."""
        if challenger.mean is None or incumbent.mean is None:
            lacking = challenger if challenger.mean is None else incumbent
            return None, (
                f"The test continues: CloudWatch has no {self.metric} of {lacking.variant}. "
                "Publish it, or choose another metric."
            )
        gain = self._signed(challenger.mean - incumbent.mean)
        unit = UNITS.get(self.metric, "")
        compared = (
            f"{self.metric} {challenger.mean:.4g}{unit} against {incumbent.mean:.4g}{unit}, "
            f"better by {gain:.4g}"
        )
        asked = f"min_gain is {self.min_gain:.4g}"
        if not self.confidence:
            return _verdict(
                gain >= self.min_gain, f"{compared}; {asked}, not tested for significance."
            )
        bounds = self._bounds(incumbent, challenger)
        if bounds is None:
            return None, (
                f"The test continues: {compared}, from {challenger.periods} and "
                f"{incumbent.periods} periods; a confidence needs at least {LEAST_BATCHES} of "
                f"each. {WAYS_OUT}"
            )
        sure = f"{compared}; with {100 * self.confidence:g} % confidence"
        if bounds.least >= self.min_gain:
            return _verdict(True, f"{sure} at least {bounds.least:.4g}; {asked}.")
        if bounds.most < self.min_gain:
            return _verdict(False, f"{sure} at most {bounds.most:.4g}; {asked}.")
        span = f"between {bounds.least:.4g} and {bounds.most:.4g}"
        return None, f"The test continues: {sure} {span}; {asked}. {WAYS_OUT}"

    def harm(self, incumbent: Record, challenger: Record, most_percent: float) -> str | None:
        """Return why the challenger loses at once, by a significant error rate, or None."""
        more = challenger.error_percent - incumbent.error_percent
        if more <= most_percent:
            return None
        if self.confidence and incumbent.requests:
            pair = challenger.failures, incumbent.failures
            if between_shares(*pair, self.confidence).least <= 0:
                return None
        return (
            f"The challenger loses: {challenger.error_percent:.1f} % of its {challenger.requests} "
            f"requests failed, against {incumbent.error_percent:.1f} % of the incumbent's."
        )

    def _bounds(self, incumbent: Record, challenger: Record) -> Range | None:
        """Return the bounds of the gain; None if there is too little data."""
        if self.metric == ERRORS:
            shares = between_shares(challenger.failures, incumbent.failures, self.confidence)
            return self._oriented(Range(100 * shares.least, 100 * shares.most))
        one, other = _mean(challenger), _mean(incumbent)
        if one is None or other is None:
            return None
        return self._oriented(between_means(one, other, self.confidence))

    def _oriented(self, bounds: Range) -> Range:
        return Range(*sorted(self._signed(bound) for bound in bounds))

    def _signed(self, difference: float) -> float:
        """Return a difference as a gain, never "-0"."""
        return (difference if self.direction is Direction.MAXIMIZE else -difference) + 0.0


def too_few(incumbent: Record, challenger: Record, least: int) -> str | None:
    """Return that a model has answered fewer than *least* requests, or None."""
    fewest = min(incumbent.requests, challenger.requests)
    if fewest >= least:
        return None
    return (
        f"The test continues: one of the models has answered {fewest} of at least {least} "
        "requests. Trigger again later, or lower min_requests."
    )


def _mean(record: Record) -> Mean | None:
    if record.mean is None or record.error is None:
        return None
    return Mean(record.mean, record.error, record.periods)


def _verdict(wins: bool, why: str) -> tuple[bool, str]:
    return wins, f"{'The challenger wins' if wins else 'The incumbent stays'}: {why}"
