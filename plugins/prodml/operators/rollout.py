"""Share what operators need that deploy a model in steps and wait until it serves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from prodml.aws.alarms import firing
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.smoke import send
from prodml.endpoints.versions import age, describe_version
from prodml.exceptions import DeploymentError
from prodml.operators.base import default_deferrable
from prodml.operators.endpoint import EndpointOperator
from prodml.rendered import truth
from prodml.run_notes import skip
from prodml.triggers.job import OVERDUE, SageMakerTrigger
from prodml.vocabulary import Json


class RolloutOperator(EndpointOperator):
    """
    Base of the operators that deploy a model.

    :param model_package_arn: The version to serve.
    :param order_by: A metadata property of the version that sorts by age, such as a date. If the
        version in service is newer, the task is skipped and changes nothing.
    :param allow_older: Replace a newer version too.
    :param before_update: Called just before the change; an exception from it, such as
        AirflowSkipException, leaves what serves unchanged.
    :param rollout: The strategy, a :class:`~prodml.endpoints.rollout.Strategy`.
    :param rollout_step: Percent of what serves per step.
    :param rollout_wait: Seconds after each step in which an alarm rolls the update back.
    :param rollback_alarms: CloudWatch alarms that roll an update back; those already in alarm are
        left out.
    :param smoke_payload: A request that the model must answer.
    :param smoke_content_type: The payload's MIME type.
    :param deferrable: Wait in the triggerer, without a worker slot.
    """

    template_fields: Sequence[str] = (
        *EndpointOperator.template_fields,
        *("rollout", "rollout_step", "rollout_wait", "rollback_alarms", "smoke_payload"),
        *("model_package_arn", "allow_older"),
    )

    def __init__(
        self,
        *,
        model_package_arn: str,
        order_by: str | None = None,
        allow_older: bool | str = False,
        before_update: Callable[[], None] | None = None,
        rollout: str = Strategy.ALL_AT_ONCE,
        rollout_step: int | str = 10,
        rollout_wait: int | str = 300,
        rollback_alarms: Sequence[str] = (),
        smoke_payload: str | None = None,
        smoke_content_type: str = "text/csv",
        deferrable: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.model_package_arn = model_package_arn
        self.order_by = order_by
        self.allow_older = allow_older
        self.before_update = before_update
        self.rollout = rollout
        self.rollout_step = rollout_step
        self.rollout_wait = rollout_wait
        self.rollback_alarms = rollback_alarms
        self.smoke_payload = smoke_payload
        self.smoke_content_type = smoke_content_type
        self.deferrable = default_deferrable() if deferrable is None else deferrable

    def version(self) -> Json:
        return describe_version(self.sagemaker, self.model_package_arn)

    def skip_if_older(self, where: str, serving: Iterable[str]) -> None:
        """Skip the task if one of the versions *serving* is newer, as in a backfill.

        :param where: What serves them, as the beginning of a sentence.
        """
        if not self.order_by or truth(self.allow_older):
            return
        mine = age(self.version(), self.order_by)
        for package in serving:
            theirs = age(describe_version(self.sagemaker, package), self.order_by)
            if theirs > mine:
                skip(
                    f"{where} serves the newer version {package} ({self.order_by} {theirs}, this "
                    f"one {mine}). Set allow_older to deploy the older one."
                )

    def chosen_rollout(self) -> Rollout:
        """Return the rollout that the arguments state, with the alarms that can roll it back."""
        alarms = list(self.rollback_alarms)
        if ringing := firing(self.aws.client("cloudwatch"), alarms):
            # This deployment may fix what the alarm is about.
            self.log.warning("Alarms that already fire cannot roll this update back: %s", ringing)
        watched = [name for name in alarms if name not in ringing]
        step, wait = int(self.rollout_step), int(self.rollout_wait)
        return Rollout(Strategy(self.rollout), step, wait, watched)

    def trigger(self, noun: str, name: str, state: Json) -> SageMakerTrigger:
        """Return the trigger that waits for a resource until execution_timeout is over."""
        limit = self.execution_timeout
        until = (datetime.now(UTC) + limit).isoformat() if limit else None
        arguments = (noun, name, self.poll_interval, self.aws.arguments())
        return SageMakerTrigger(*arguments, until=until, resume=state)

    def refuse_overdue(self, event: Json, what: str) -> None:
        """Raise if the trigger fired because execution_timeout was over; *what* it waited for."""
        if event["status"] == OVERDUE:
            raise DeploymentError(
                f"{what} is still updating after {self.execution_timeout}. The next try waits for "
                "it; raise execution_timeout if the rollout needs longer."
            )

    def refuse_unanswered(self, **members: Any) -> None:
        """Send the test request, if there is one, with further *members* of InvokeEndpoint."""
        if self.smoke_payload is None:
            return
        payload = (self.smoke_payload, self.smoke_content_type)
        response = send(self.aws, self.endpoint, *payload, **members)
        if not response["Body"].read().strip():
            raise DeploymentError("it returned an empty response.")
