"""End a contest of two models behind one endpoint: compare them, and promote the winner."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from prodml.exceptions import OvertakenError
from prodml.hooks import in_use
from prodml.hooks.alarms import firing
from prodml.hooks.calls import present
from prodml.hooks.contests import Contest, alone
from prodml.hooks.endpoints import desired
from prodml.hooks.records import Record, decide
from prodml.hooks.serving import describe_config, ensure_config
from prodml.hooks.superseded import OWNER, clean_up
from prodml.links.job import SageMakerLink
from prodml.operators.base import default_deferrable
from prodml.operators.endpoint import EndpointOperator
from prodml.vocabulary import ENDPOINT, Direction, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class ContestOperator(EndpointOperator):
    """
    Base of the operators that look at a contest; a task without one is skipped.

    See :class:`~prodml.operators.endpoint.EndpointOperator` for its arguments.
    """

    def contest(self) -> tuple[Json, Json, Contest]:
        """The endpoint, its configuration, and the contest that they are."""
        found = self.target.settle()
        config = describe_config(self.sagemaker, found["EndpointConfigName"]) if found else None
        contest = Contest.of(config) if config else None
        if not found or not config or not contest:
            raise AirflowSkipException(
                f"Endpoint {self.endpoint} serves no two models. Deploy one by `ab` or `shadow`."
            )
        return found, config, contest


class CompareVariantsOperator(ContestOperator):
    """
    Wait until a contest has lasted, then say which of its models is better by a metric.

    What counts is what CloudWatch holds of this very configuration. The challenger wins if its
    mean is better by *min_gain*; equal means with a *min_gain* of 0 let it win too. An alarm of
    *alarms*, or more failed answers than the incumbent by *max_error_percent*, ends the contest at
    once, and the challenger loses. With fewer than *min_requests* for either of them when the time
    is over, the task is skipped, and the contest goes on.

    Returns ``{"endpoint", "winner": variant, "loser": variant, "decision", "incumbent": {...},
    "challenger": {...}}``, the last two with requests, error percent and the metric.

    :param endpoint: The endpoint.
    :param metric: ``errors`` (percent of 5xx), ``latency`` (the model's, in ms), or
        ``Namespace:Name`` of a metric that somebody publishes with the dimensions EndpointName and
        VariantName, such as a model's quality once labels are known.
    :param direction: Which way *metric* is better.
    :param min_gain: How much better, in the metric's unit; below zero, how much worse it may be.
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
        min_gain: float | str = 0.0,
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
        self.hours = hours
        self.min_requests = min_requests
        self.max_error_percent = max_error_percent
        self.alarms = alarms
        self.check_every = check_every
        self.deferrable = default_deferrable() if deferrable is None else deferrable

    def execute(self, context: Context) -> Json:
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
            "incumbent": vars(incumbent),
            "challenger": vars(challenger),
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
        more = challenger.error_percent - incumbent.error_percent
        if challenger.requests >= int(self.min_requests) and more > float(self.max_error_percent):
            return (
                f"The challenger loses: {challenger.error_percent:.1f} % of its answers failed, "
                f"and {incumbent.error_percent:.1f} % of the incumbent's."
            )
        return None

    def _compared(self, incumbent: Record, challenger: Record) -> tuple[bool, str]:
        least = int(self.min_requests)
        if (fewest := min(incumbent.requests, challenger.requests)) < least:
            raise AirflowSkipException(
                f"The contest goes on: one of the models has answered {fewest} requests, not "
                f"{least}. Trigger again later, or lower min_requests."
            )
        direction = Direction(self.direction)
        return decide(self.metric, direction, float(self.min_gain), incumbent, challenger)


class PromoteWinnerOperator(ContestOperator):
    """
    Give all requests to the winner of a contest, then take the loser away.

    By A/B, the winner first gets as many instances as the other has, then all of the weight; then
    the endpoint moves to the winner alone, under the name that has served before the contest, so
    that its autoscaling goes on. Superseded configurations are cleaned up as after a deployment.

    Returns ``{"endpoint", "config", "model", "promoted": whether the challenger has won}``.

    :param endpoint: The endpoint.
    :param winner: The variant that stays.
    :param contest_config: The configuration that the winner was found on; another one by now fails
        the task, because it would be another contest, or a newer model. With it, a retry goes on
        where the try before it has ended the contest.
    :param keep: How many superseded configurations stay, to go back to.
    :param poll_interval: Seconds between two looks while the endpoint changes.
    """

    template_fields: Sequence[str] = (*ContestOperator.template_fields, "winner", "contest_config")
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self, *, winner: str, contest_config: str | None = None, keep: int = 2, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.winner = winner
        self.contest_config = contest_config
        self.keep = keep

    def execute(self, context: Context) -> Json:
        self.link_to(context, ENDPOINT, self.endpoint)
        contest, config, changed = self._ended() or self._end(context)
        winner, _ = self._sides(contest)
        try:
            self.target.verified(config, changed)
        finally:
            self.target.restore()
        clean_up(self.sagemaker, self.endpoint, config, contest.config, self.keep)
        self.log.info("Endpoint %s serves %s alone", self.endpoint, winner["ModelName"])
        return {
            "endpoint": self.endpoint,
            "config": config,
            "model": winner["ModelName"],
            "promoted": winner is contest.challenger,
        }

    def _ended(self) -> tuple[Contest, str, bool] | None:
        """The contest, if an earlier try has ended it: the winner serves alone already."""
        found = self.target.settle()
        if not found or not self.contest_config:
            return None
        describe = self.sagemaker.describe_endpoint_config
        former = present(describe, EndpointConfigName=self.contest_config)
        contest = Contest.of(former) if former else None
        if not contest:
            return None
        config = found["EndpointConfigName"]
        winner, _ = self._sides(contest)
        serving = in_use.models(self.sagemaker, [config])
        return (contest, config, False) if serving == {winner["ModelName"]} else None

    def _end(self, context: Context) -> tuple[Contest, str, bool]:
        """Bring the endpoint onto the winner; its configuration, and whether that is a change."""
        found, serving, contest = self.contest()
        winner, loser = self._sides(contest)
        tags = [*self.tags(context, contest.config), {"Key": OWNER, "Value": self.endpoint}]
        config = ensure_config(self.sagemaker, self.endpoint, alone(serving, found, winner), tags)
        recheck = partial(self._refuse_another, self.contest_config or contest.config, config)
        recheck()
        if not contest.shadow:
            self._shift(found, winner["VariantName"], loser["VariantName"], recheck)
        # The contest has proved the winner.
        changed = self.target.request(config, tags, recheck=recheck, proved=True)
        return contest, config, changed

    def _refuse_another(self, contest: str, config: str) -> None:
        """What somebody has deployed since the winner was found is newer, and must not be lost."""
        now = (self.target.describe() or {}).get("EndpointConfigName")
        if now not in (contest, config):
            raise OvertakenError(
                f"Endpoint {self.endpoint} is on {now}, and the winner was found on {contest}. "
                "Compare again."
            )

    def _sides(self, contest: Contest) -> tuple[Json, Json]:
        sides = [contest.incumbent, contest.challenger]
        names = [side["VariantName"] for side in sides]
        if self.winner not in names:
            raise ValueError(
                f"Endpoint {self.endpoint} has no variant {self.winner!r}. Name one of {names}."
            )
        first, second = sides
        return (first, second) if self.winner == names[0] else (second, first)

    def _shift(self, found: Json, winner: str, loser: str, recheck: Callable[[], None]) -> None:
        """First the room, then the traffic."""
        counts = desired(found)
        room = max(counts[winner], counts[loser])
        if room > counts[winner]:
            self.target.resize([{"VariantName": winner, "DesiredInstanceCount": room}], recheck)
        weights = {winner: 1.0, loser: 0.0}
        wishes = [{"VariantName": name, "DesiredWeight": w} for name, w in weights.items()]
        self.target.resize(wishes, recheck)
