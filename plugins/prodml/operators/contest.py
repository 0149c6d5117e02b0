"""Find a contest of two models behind one endpoint, and promote its winner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from prodml.aws.alarms import owned
from prodml.aws.retries import present, with_retries
from prodml.comparison.contest import Contest, alone
from prodml.endpoints import references
from prodml.endpoints.cleanup import OWNER, clean_up
from prodml.endpoints.resources import describe_config, ensure_config, package_of
from prodml.endpoints.variants import desired
from prodml.exceptions import InvalidInputError, OvertakenError
from prodml.links.job import SageMakerLink
from prodml.operators.endpoint import EndpointOperator
from prodml.run_notes import skip
from prodml.vocabulary import ENDPOINT, Json

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
            skip(f"Endpoint {self.endpoint} serves no two models. Deploy one by `ab` or `shadow`.")
        return found, config, contest


class FindContestOperator(ContestOperator):
    """
    Say which two models an endpoint serves; without a contest, skip all that would come after.

    Put it before what is made for a contest, such as alarms on the challenger.

    Returns ``{"endpoint", "config", "incumbent": variant, "challenger": variant, "shadow"}``.

    :param endpoint: The endpoint.
    """

    def execute(self, context: Context) -> Json:
        _, _, contest = self.contest()
        return {
            "endpoint": self.endpoint,
            "config": contest.config,
            "incumbent": contest.incumbent["VariantName"],
            "challenger": contest.challenger["VariantName"],
            "shadow": contest.shadow,
        }


class PromoteWinnerOperator(ContestOperator):
    """
    Give all requests to the winner of a contest, then take the loser away.

    By A/B, the winner first gets as many instances as the other has, then all of the weight; then
    the endpoint moves to the winner alone, under the name that has served before the contest, so
    that its autoscaling goes on. Superseded configurations are cleaned up as after a deployment;
    the alarms on the challenger go too, or the next one would inherit their state.

    Returns ``{"endpoint", "config", "model", "model_package_arn", "promoted"}``: whether the
    challenger has won, and the version that serves, None if it is a model of another making.

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
        package = package_of(self.sagemaker, winner["ModelName"])
        clean_up(self.sagemaker, self.endpoint, config, contest.config, self.keep)
        self._forget(contest.challenger["VariantName"])
        self.log.info("Endpoint %s serves %s alone", self.endpoint, winner["ModelName"])
        return {
            "endpoint": self.endpoint,
            "config": config,
            "model": winner["ModelName"],
            "model_package_arn": package,
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
        serving = references.models(self.sagemaker, [config])
        return (contest, config, False) if serving == {winner["ModelName"]} else None

    def _end(self, context: Context) -> tuple[Contest, str, bool]:
        """Bring the endpoint onto the winner; its configuration, and whether that is a change."""
        found, serving, contest = self.contest()
        self.refuse_foreign(found)
        winner, loser = self._sides(contest)
        tags = [*self.tags(context, contest.config), {"Key": OWNER, "Value": self.endpoint}]
        config = ensure_config(self.aws, self.endpoint, alone(serving, found, winner), tags)
        recheck = partial(self._refuse_another, self.contest_config or contest.config, config)
        recheck()
        if not contest.shadow:
            self._shift(found, winner["VariantName"], loser["VariantName"], recheck)
        # The contest has proved the winner.
        changed = self.target.request(config, tags, recheck=recheck, proved=True)
        return contest, config, changed

    def _refuse_another(self, contest: str, config: str) -> None:
        """What somebody has deployed since the winner was found is newer, and must not be lost."""
        now = self.target.config()
        if now not in (contest, config):
            raise OvertakenError(
                f"Endpoint {self.endpoint} is on {now}, and the winner was found on {contest}. "
                "Compare again."
            )

    def _sides(self, contest: Contest) -> tuple[Json, Json]:
        sides = [contest.incumbent, contest.challenger]
        names = [side["VariantName"] for side in sides]
        if self.winner not in names:
            raise InvalidInputError(
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

    def _forget(self, variant: str) -> None:
        cloudwatch = self.aws.client("cloudwatch")
        if alarms := owned(cloudwatch, self.endpoint, variant):
            with_retries(cloudwatch.delete_alarms, AlarmNames=alarms)
