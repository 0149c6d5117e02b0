"""By what rule a challenger beats an incumbent, and how sure of it one must be."""

from __future__ import annotations

from dataclasses import dataclass

from prodml.comparison.confidence import LEAST_BATCHES, Mean, Range, between_means, between_shares
from prodml.comparison.variant_metrics import ERRORS, LATENCY, Record
from prodml.exceptions import InvalidInputError
from prodml.vocabulary import Direction

UNITS = {ERRORS: " %", LATENCY: " ms"}
WAYS_OUT = "Trigger again later, ask for another min_gain, or for the means alone by confidence 0."


@dataclass(frozen=True)
class Rule:
    """
    The challenger wins if it is better by *min_gain*, and with *confidence* not by chance.

    Raises ValueError for a confidence that would be none.
    """

    metric: str
    direction: Direction
    min_gain: float
    confidence: float

    def __post_init__(self) -> None:
        if self.confidence and not 0.5 < self.confidence <= 0.999:
            raise InvalidInputError(
                f"confidence is {self.confidence:g}; choose more than 0.5, up to 0.999, or 0 to "
                "compare without a test."
            )

    def decide(self, incumbent: Record, challenger: Record) -> tuple[bool | None, str]:
        """Whether the challenger wins, and why; None while that is not sure."""
        if challenger.mean is None or incumbent.mean is None:
            lacking = challenger if challenger.mean is None else incumbent
            return None, (
                f"The contest goes on: nobody has published {self.metric} of {lacking.variant}. "
                "Publish it, or choose another metric."
            )
        gain = self._signed(challenger.mean - incumbent.mean)
        unit = UNITS.get(self.metric, "")
        compared = (
            f"{self.metric} {challenger.mean:.4g}{unit} against {incumbent.mean:.4g}{unit}, "
            f"better by {gain:.4g}"
        )
        asked = f"{self.min_gain:.4g} is asked for"
        if not self.confidence:
            return _verdict(gain >= self.min_gain, f"{compared}; {asked}, chance not ruled out.")
        bounds = self._bounds(incumbent, challenger)
        if bounds is None:
            return None, (
                f"The contest goes on: {compared}, from {challenger.periods} and "
                f"{incumbent.periods} periods; {LEAST_BATCHES} of each are the fewest that tell "
                f"how sure that is. {WAYS_OUT}"
            )
        sure = f"{compared}; with {100 * self.confidence:g} % confidence by"
        if bounds.least >= self.min_gain:
            return _verdict(True, f"{sure} {bounds.least:.4g} at least, {asked}.")
        if bounds.most < self.min_gain:
            return _verdict(False, f"{sure} {bounds.most:.4g} at most, {asked}.")
        span = f"{bounds.least:.4g} at least, {bounds.most:.4g} at most"
        return None, f"The contest goes on: {sure} {span}, {asked}. {WAYS_OUT}"

    def harm(self, incumbent: Record, challenger: Record, most_percent: float) -> str | None:
        """Why the challenger loses at once: it fails more by *most_percent*, and not by chance."""
        more = challenger.error_percent - incumbent.error_percent
        if more <= most_percent:
            return None
        if self.confidence and incumbent.requests:
            pair = challenger.failures, incumbent.failures
            if between_shares(*pair, self.confidence).least <= 0:
                return None
        return (
            f"The challenger loses: {challenger.error_percent:.1f} % of its {challenger.requests} "
            f"answers failed, and {incumbent.error_percent:.1f} % of the incumbent's."
        )

    def _bounds(self, incumbent: Record, challenger: Record) -> Range | None:
        """Of the gain; None where nobody can say."""
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
        """A difference as a gain, never "-0"."""
        return (difference if self.direction is Direction.MAXIMIZE else -difference) + 0.0


def _mean(record: Record) -> Mean | None:
    if record.mean is None or record.error is None:
        return None
    return Mean(record.mean, record.error, record.periods)


def _verdict(wins: bool, why: str) -> tuple[bool, str]:
    return wins, f"{'The challenger wins' if wins else 'The incumbent stays'}: {why}"
