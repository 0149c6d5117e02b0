"""Say which of two models behind one endpoint is better."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.aws.alarms import firing
from prodml.comparison.contest import Contest
from prodml.comparison.decision import Rule
from prodml.comparison.variant_metrics import ERRORS, Record
from prodml.operators.base import default_deferrable
from prodml.operators.contest import ContestOperator
from prodml.rendered import number
from prodml.run_notes import skip
from prodml.vocabulary import Direction, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class CompareVariantsOperator(ContestOperator):
    """
    Wait until a contest has lasted, then say which of its models is better by a metric.

    What counts is what CloudWatch holds of this very configuration. When the time is over, the
    challenger wins if it is better by *min_gain*, and the incumbent stays if it is not: either only
    if that is sure by *confidence*. **While it is not sure, the task is skipped, and the contest
    goes on**, as it does with fewer than *min_requests* for either of the two; trigger again later.

    How sure that is: for ``errors``, by the counts of both (Newcombe's interval of the difference
    of two shares), taking each failure for independent of the others. For a mean, by Welch's test:
    CloudWatch gives no variance, so the contest's time is cut into about 24 periods, and the spread
    of their means tells the error; five periods with values are the fewest. Every further look is a
    further chance to be wrong: better one long contest than many looks.

    An alarm of *alarms* ends the contest at once, and the challenger loses. So do more failed
    answers than the incumbent's by *max_error_percent*, if that the challenger fails more is sure.

    Returns ``{"endpoint", "config", "winner": variant, "loser": variant, "decision", "incumbent":
    {...}, "challenger": {...}}``, the last two with requests, failures and the metric.

    :param endpoint: The endpoint.
    :param metric: ``errors`` (percent of 5xx), ``latency`` (the model's, in ms), or
        ``Namespace:Name`` of a metric that somebody publishes with the dimensions EndpointName and
        VariantName, such as a model's quality once labels are known.
    :param direction: Which way *metric* is better.
    :param min_gain: How much better, in the metric's unit; below zero, how much worse it may be.
        If left out, 0, and for ``errors`` *max_error_percent* worse: of two models without a fault,
        neither is ever surely better.
    :param confidence: Above 0.5, up to 0.999; 0 compares the means alone, whatever chance has done.
    :param hours: How long the contest must have lasted.
    :param min_requests: Requests that each of the two must have answered.
    :param max_error_percent: By how many percent points more the challenger may fail.
    :param alarms: CloudWatch alarms, each of which ends the contest.
    :param check_every: Seconds between two looks.
    :param deferrable: Wait in the triggerer, without a worker slot.
    """

    template_fields: Sequence[str] = (
        *ContestOperator.template_fields,
        "metric",
        "direction",
        "min_gain",
        "confidence",
        "hours",
        "min_requests",
        "max_error_percent",
        "alarms",
    )

    def __init__(
        self,
        *,
        metric: str = "errors",
        direction: str = Direction.MINIMIZE,
        min_gain: float | str | None = None,
        confidence: float | str = 0.95,
        hours: float | str = 24.0,
        min_requests: int | str = 100,
        max_error_percent: float | str = 1.0,
        alarms: Sequence[str] = (),
        check_every: float = 60.0,
        deferrable: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.metric = metric
        self.direction = direction
        self.min_gain = min_gain
        self.confidence = confidence
        self.hours = hours
        self.min_requests = min_requests
        self.max_error_percent = max_error_percent
        self.alarms = alarms
        self.check_every = check_every
        self.deferrable = default_deferrable() if deferrable is None else deferrable

    def execute(self, context: Context) -> Json:
        self._rule()  # what cannot work is refused now, and not when the time is over
        while (verdict := self._verdict()) is None:
            if self.deferrable:
                from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

                pause = TimeDeltaTrigger(timedelta(seconds=self.check_every))
                self.defer(trigger=pause, method_name="execute_again")
            time.sleep(self.check_every)
        self.log.info("%s", verdict["decision"])
        return verdict

    def execute_again(self, context: Context, event: Any = None) -> Json:
        """Look again."""
        return self.execute(context)

    def _verdict(self) -> Json | None:
        """Who has won, or None while the contest goes on."""
        _, config, contest = self.contest()
        began = config["CreationTime"]
        incumbent, challenger = self._records(contest, began)
        why = self._harm(incumbent, challenger)
        over = datetime.now(UTC) >= began + timedelta(hours=float(self.hours))
        if not why and not over:
            return None
        wins, decision = (False, why) if why else self._compared(incumbent, challenger)
        names = [contest.challenger["VariantName"], contest.incumbent["VariantName"]]
        winner, loser = names if wins else names[::-1]
        return {
            "endpoint": self.endpoint,
            "config": contest.config,
            "winner": winner,
            "loser": loser,
            "decision": decision,
            "incumbent": incumbent.facts(),
            "challenger": challenger.facts(),
        }

    def _records(self, contest: Contest, began: datetime) -> list[Record]:
        cloudwatch = self.aws.client("cloudwatch")
        return [
            Record.of(
                cloudwatch, self.endpoint, contest.config, v["VariantName"], self.metric, began
            )
            for v in (contest.incumbent, contest.challenger)
        ]

    def _harm(self, incumbent: Record, challenger: Record) -> str | None:
        """Why the challenger must go, whatever time is left."""
        if names := firing(self.aws.client("cloudwatch"), self.alarms):
            return f"The challenger loses: {', '.join(names)} in alarm."
        if challenger.requests < int(self.min_requests):
            return None
        return self._rule().harm(incumbent, challenger, float(self.max_error_percent))

    def _compared(self, incumbent: Record, challenger: Record) -> tuple[bool, str]:
        least = int(self.min_requests)
        if (fewest := min(incumbent.requests, challenger.requests)) < least:
            skip(
                f"The contest goes on: one of the models has answered {fewest} requests, not "
                f"{least}. Trigger again later, or lower min_requests."
            )
        wins, why = self._rule().decide(incumbent, challenger)
        if wins is None:
            skip(why)
        return wins, why

    def _rule(self) -> Rule:
        gain = number(self.min_gain)
        if gain is None:
            gain = -float(self.max_error_percent) if self.metric == ERRORS else 0.0
        return Rule(self.metric, Direction(self.direction), gain, float(self.confidence))
