"""Decide which of two models behind one endpoint is better."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.aws.alarms import firing
from prodml.comparison.contest import Contest
from prodml.comparison.decision import (
    CONFIDENCE,
    HOURS,
    MAX_ERROR_PERCENT,
    MIN_REQUESTS,
    Rule,
    too_few,
)
from prodml.comparison.variant_metrics import Record
from prodml.operators.base import default_deferrable
from prodml.operators.contest import ContestOperator
from prodml.rendered import number
from prodml.results import Comparison
from prodml.run_notes import skip
from prodml.vocabulary import Direction

if TYPE_CHECKING:
    from airflow.sdk import Context


class CompareVariantsOperator(ContestOperator):
    """
    Wait until an A/B or shadow test has run its time, then compare its two models by a metric.

    Only the metrics of this endpoint configuration count. After *hours*, the challenger wins if it
    is better by *min_gain* and the incumbent stays if it is not, in both cases only with
    *confidence*. **While the result is not significant, the task is skipped and the test
    continues**; the same holds below *min_requests* for either model. Trigger the DAG again later.

    Significance: for ``errors``, Newcombe's interval of the difference of two proportions, which
    assumes independent failures. For a mean, Welch's test: CloudWatch gives no variance, so the
    time is divided into about 24 periods, whose means give the standard error; at least five
    periods need values. Each further comparison is a further chance of a wrong decision: prefer one
    long test to many comparisons.

    An alarm of *alarms* ends the test at once, and the challenger loses. So does an error rate that
    is above the incumbent's by *max_error_percent*, if the difference is significant.

    Returns ``{"endpoint", "config", "winner": variant, "loser": variant, "decision", "incumbent":
    {...}, "challenger": {...}}``, the last two with requests, failures and the metric.

    :param endpoint: The endpoint.
    :param metric: ``errors`` (percent of 5xx), ``latency`` (the model's, in ms), or
        ``Namespace:Name`` of a custom metric with the dimensions EndpointName and VariantName, such
        as a model's quality once labels are known.
    :param direction: ``Maximize`` or ``Minimize`` *metric*.
    :param min_gain: The minimum improvement, in the metric's unit; a negative value allows the
        challenger to be worse. If left out: 0, and for ``errors`` minus *max_error_percent*, since
        of two models without errors neither is ever significantly better.
    :param confidence: Above 0.5, up to 0.999; 0 compares the means without a test.
    :param hours: The minimum duration of the test.
    :param min_requests: The minimum number of requests to each model.
    :param max_error_percent: Percentage points by which the challenger's error rate may be higher.
    :param alarms: CloudWatch alarms, each of which ends the test.
    :param check_every: Seconds between two comparisons.
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
        confidence: float | str = CONFIDENCE,
        hours: float | str = HOURS,
        min_requests: int | str = MIN_REQUESTS,
        max_error_percent: float | str = MAX_ERROR_PERCENT,
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

    def execute(self, context: Context) -> Comparison:
        self._rule()  # raises for invalid arguments now, not after hours of waiting
        while (verdict := self._verdict()) is None:
            if self.deferrable:
                from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger

                pause = TimeDeltaTrigger(timedelta(seconds=self.check_every))
                self.defer(trigger=pause, method_name="execute_again")
            time.sleep(self.check_every)
        self.log.info("%s", verdict["decision"])
        return verdict

    def execute_again(self, context: Context, event: Any = None) -> Comparison:
        """Resume after a pause."""
        return self.execute(context)

    def _verdict(self) -> Comparison | None:
        """Return the result, or None while the test continues."""
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
        """Return why the challenger loses at once, or None."""
        if names := firing(self.aws.client("cloudwatch"), self.alarms):
            return f"The challenger loses: in alarm: {', '.join(names)}."
        if challenger.requests < int(self.min_requests):
            return None
        return self._rule().harm(incumbent, challenger, float(self.max_error_percent))

    def _compared(self, incumbent: Record, challenger: Record) -> tuple[bool, str]:
        if why := too_few(incumbent, challenger, int(self.min_requests)):
            skip(why)
        wins, why = self._rule().decide(incumbent, challenger)
        if wins is None:
            skip(why)
        return wins, why

    def _rule(self) -> Rule:
        return Rule.of(
            self.metric,
            Direction(self.direction),
            number(self.min_gain),
            float(self.confidence),
            float(self.max_error_percent),
        )
