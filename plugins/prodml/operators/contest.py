"""Find an A/B or shadow test on an endpoint, and promote its winner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from prodml import results
from prodml.aws.alarms import owned
from prodml.aws.retries import present, with_retries
from prodml.comparison.contest import Contest, alone
from prodml.endpoints import references
from prodml.endpoints.cleanup import OWNER, clean_up
from prodml.endpoints.resources import describe_config, ensure_config, package_of
from prodml.endpoints.update import Update
from prodml.endpoints.variants import desired
from prodml.exceptions import InvalidInputError, OvertakenError
from prodml.links.job import SageMakerLink
from prodml.notifications.outbox import post
from prodml.notifications.version_events import ModelDeployed
from prodml.operators.endpoint import EndpointOperator
from prodml.run_notes import skip
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class ContestOperator(EndpointOperator):
    """
    Base of the operators for an A/B or shadow test; without one, the task is skipped.

    See :class:`~prodml.operators.endpoint.EndpointOperator` for its arguments.
    """

    def contest(self) -> tuple[Json, Json, Contest]:
        """Return the endpoint's description, its configuration, and the test that it runs."""
        endpoint = self.target.settle()
        if not endpoint:
            skip(f"Endpoint {self.endpoint} does not exist. Deploy two models by `ab` or `shadow`.")
        config = describe_config(self.sagemaker, endpoint["EndpointConfigName"])
        if not (contest := Contest.of(config)):
            skip(f"Endpoint {self.endpoint} serves one model. Deploy another by `ab` or `shadow`.")
        return endpoint, config, contest


class FindContestOperator(ContestOperator):
    """
    Return the two models of an A/B or shadow test; without one, skip the task.

    Put it before tasks that need such a test, such as alarms on the challenger.

    Returns ``{"endpoint", "config", "incumbent": variant, "challenger": variant, "shadow"}``.

    :param endpoint: The endpoint.
    """

    def execute(self, context: Context) -> results.Contest:
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
    Route all requests to the winner of an A/B or shadow test, then remove the loser.

    In an A/B test, the winner first gets as many instances as the loser, then all of the traffic.
    Then the endpoint is updated to the winner alone, under the variant name from before the test,
    so that its autoscaling continues. Old configurations are cleaned up as after a deployment. The
    alarms on the challenger are deleted, so that the next challenger does not inherit their state.

    Returns ``{"endpoint", "config", "model", "model_package_arn", "promoted"}``; *promoted* says
    whether the challenger won, and *model_package_arn* is None for a model without a package.

    :param endpoint: The endpoint.
    :param winner: The variant that stays.
    :param contest_config: The configuration that was compared. The task fails if the endpoint has
        another one by now, because it runs another test or a newer model. With it, a retry resumes
        an update that an earlier try has started.
    :param keep: The number of old configurations to keep for a rollback.
    :param poll_interval: Seconds between two polls while the endpoint changes.
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

    def execute(self, context: Context) -> results.Promoted:
        self.link_to(context, ENDPOINT, self.endpoint)
        contest, config, changed = self._ended() or self._end(context)
        winner, _ = self._sides(contest)
        try:
            self.target.verified(config, changed)
        finally:
            self.target.restore()
        package = package_of(self.sagemaker, winner["ModelName"])
        clean_up(self.sagemaker, self.endpoint, config, contest.config, self.keep)
        self._delete_alarms(contest.challenger["VariantName"])
        self.log.info("Endpoint %s serves %s alone", self.endpoint, winner["ModelName"])
        if promoted := winner is contest.challenger:
            version = package or winner["ModelName"]
            post(ModelDeployed(endpoint=self.endpoint, model_package_arn=version))
        return {
            "endpoint": self.endpoint,
            "config": config,
            "model": winner["ModelName"],
            "model_package_arn": package,
            "promoted": promoted,
        }

    def _ended(self) -> tuple[Contest, str, bool] | None:
        """Return the test if an earlier try has ended it: the winner already serves alone."""
        endpoint = self.target.settle()
        if not endpoint or not self.contest_config:
            return None
        describe = self.sagemaker.describe_endpoint_config
        former = present(describe, EndpointConfigName=self.contest_config)
        contest = Contest.of(former) if former else None
        if not contest:
            return None
        config = endpoint["EndpointConfigName"]
        winner, _ = self._sides(contest)
        serving = references.models(self.sagemaker, [config])
        return (contest, config, False) if serving == {winner["ModelName"]} else None

    def _end(self, context: Context) -> tuple[Contest, str, bool]:
        """Update the endpoint to the winner; return its configuration and whether it changed."""
        endpoint, serving, contest = self.contest()
        self.refuse_foreign(endpoint)
        winner, loser = self._sides(contest)
        tags = [*self.tags(context, contest.config), {"Key": OWNER, "Value": self.endpoint}]
        config = ensure_config(self.aws, self.endpoint, alone(serving, endpoint, winner), tags)
        recheck = partial(self._refuse_another, self.contest_config or contest.config, config)
        recheck()
        if not contest.shadow:
            self._shift(endpoint, winner["VariantName"], loser["VariantName"], recheck)
        # The test has proved the winner.
        changed = Update(self.target, config, tags, recheck=recheck, proved=True).request()
        return contest, config, changed

    def _refuse_another(self, contest: str, config: str) -> None:
        """Raise if another deployment came after the comparison: it must not be lost."""
        now = self.target.config()
        if now not in (contest, config):
            raise OvertakenError(
                f"Endpoint {self.endpoint} is on configuration {now}, but {contest} was compared. "
                "Run the comparison again."
            )

    def _sides(self, contest: Contest) -> tuple[Json, Json]:
        sides = [contest.incumbent, contest.challenger]
        names = [side["VariantName"] for side in sides]
        if self.winner not in names:
            raise InvalidInputError(
                f"Endpoint {self.endpoint} has no variant {self.winner!r}. Choose one of {names}."
            )
        first, second = sides
        return (first, second) if self.winner == names[0] else (second, first)

    def _shift(self, endpoint: Json, winner: str, loser: str, recheck: Callable[[], None]) -> None:
        """Add instances first, then move the traffic."""
        counts = desired(endpoint)
        room = max(counts[winner], counts[loser])
        if room > counts[winner]:
            self.target.resize([{"VariantName": winner, "DesiredInstanceCount": room}], recheck)
        weights = {winner: 1.0, loser: 0.0}
        wishes = [{"VariantName": name, "DesiredWeight": w} for name, w in weights.items()]
        self.target.resize(wishes, recheck)

    def _delete_alarms(self, variant: str) -> None:
        cloudwatch = self.aws.client("cloudwatch")
        if alarms := owned(cloudwatch, self.endpoint, variant):
            with_retries(cloudwatch.delete_alarms, AlarmNames=alarms)
