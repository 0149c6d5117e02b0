"""Deploy a registered model to an endpoint, and verify that it serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from prodml.aws.tags import as_tags, merged
from prodml.comparison.contest import CHALLENGER, Contest
from prodml.endpoints.attribution import folder
from prodml.endpoints.cleanup import OWNER, clean_up
from prodml.endpoints.resources import describe_config
from prodml.endpoints.rollback import proving
from prodml.endpoints.serverless import Serverless, refuse_other_kind, refuse_strategy
from prodml.endpoints.update import Update
from prodml.endpoints.variants import instances, names
from prodml.endpoints.verification import differences, mistaken
from prodml.endpoints.versions import refuse_unapproved
from prodml.exceptions import DeploymentError, RequestRefusedError
from prodml.links.job import SageMakerLink
from prodml.naming import version_of
from prodml.notifications.outbox import post
from prodml.notifications.version_events import ModelDeployed
from prodml.operators.rollback_record import records_rollback
from prodml.operators.served_model import ServedModelOperator
from prodml.results import Deployed
from prodml.run_notes import leave
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class DeployEndpointOperator(ServedModelOperator):
    """
    Create or update an endpoint so that it serves one version of a model package.

    The model and the endpoint configuration are named after their content, so deploying the same
    version again changes nothing. An update keeps the scaling policies and the instances that
    autoscaling has started. The task succeeds only if the endpoint is in service on this
    configuration, with the version's image and model data. An update that SageMaker rolled back
    fails the task with its reason, without a retry. An endpoint that does not match the request, or
    does not answer *smoke_payload*, is rolled back to the previous configuration and the task
    fails; if the worker dies in between, the next try does so. The task also fails without a retry
    if another user's update replaced its own.

    With *serverless*, rolling updates, A/B and shadow tests are refused; an endpoint on instances
    is not made serverless, nor the reverse.

    With ``ab`` and ``shadow``, the version becomes the variant ``Challenger`` of the same endpoint,
    until :class:`~prodml.operators.contest.PromoteWinnerOperator`, or a deployment by another
    strategy, ends the test. A new endpoint always gets one variant.

    Old configurations and their models are deleted, except for the *keep* most recent ones and
    those that any endpoint uses. Model packages stay.

    Returns ``{"endpoint", "config", "model", "model_package_arn", "variant", "instances",
    "capture", "contest", "changed"}``; *capture* is the S3 prefix of this version's captured
    requests and responses, and *contest* says whether an A/B or shadow test has begun.

    :param endpoint: The endpoint's name.
    :param rollout_step: Percent of the fleet per step, or of the requests to a challenger.
    :param keep: The number of old configurations to keep for a rollback.
    :param poll_interval: Seconds between two polls in the first minute; later polls are rarer.
    """

    operator_extra_links = (SageMakerLink(),)

    def __init__(self, *, keep: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keep = keep
        if isinstance(self.serverless, Serverless) and "{{" not in self.rollout:
            refuse_strategy(self.rollout)

    def execute(self, context: Context) -> Deployed:
        rollout = self.chosen_rollout()
        serverless = self.as_serverless(rollout)
        refuse_unapproved(self.version())
        self._skip_if_older()
        tags = [*self.tags(context, self.model_package_arn), *as_tags({OWNER: self.endpoint})]
        tags = merged(tags, as_tags(self.labels or {}))
        model = self.ensure_model(tags)
        self.refuse_foreign(endpoint := self.target.settle())
        refuse_other_kind(self.endpoint, endpoint, serverless)
        before = (endpoint or {}).get("EndpointConfigName")
        config, asked = self.ensure_config(model, endpoint, rollout, tags)
        if endpoint and not serverless:
            self.warn(rollout.doubts(self.running(endpoint)))
        if wrong := mistaken(self.sagemaker, config, asked, model, self.version()):
            raise RequestRefusedError(
                f"Endpoint configuration {config} or its model does not match its name: "
                f"{'; '.join(wrong)}. Nothing was changed. Delete them, then clear the task."
            )
        contest = rollout.is_contest and Contest.of(describe_config(self.sagemaker, config))

        def recheck() -> None:
            self._skip_if_older()
            if contest:
                self._refuse_another_incumbent(before, config)
            if self.before_update:
                self.before_update()

        changed = Update(self.target, config, tags, rollout, recheck).request()
        state: Json = {"asked": asked, "model": model, "config": config, "changed": changed}
        self.link_to(context, ENDPOINT, self.endpoint)
        if self.deferrable and changed:
            trigger = self.trigger(ENDPOINT.noun, self.endpoint, state)
            self.defer(trigger=trigger, method_name="execute_complete")
        return self._finish(**state)

    def execute_complete(self, context: Context, event: Json) -> Deployed:
        """Resume after the trigger has fired."""
        self.refuse_overdue(event, f"Endpoint {self.endpoint}")
        return self._finish(**event["resume"])

    @records_rollback
    def _finish(self, config: str, model: str, asked: Json, changed: bool) -> Deployed:
        try:
            endpoint = self.target.verified(config, changed)
        finally:
            self.target.restore()
        with proving(self.target, config) as before:
            self._verify(endpoint, asked, model)
            self._smoke(asked)
        variant = CHALLENGER if CHALLENGER in names(asked) else self.variant
        old = clean_up(self.sagemaker, self.endpoint, config, before, self.keep)
        leave(self._outcome(variant == CHALLENGER, changed))
        if changed or before:  # else an earlier deployment has verified it
            arn, contest = self.model_package_arn, variant == CHALLENGER
            post(ModelDeployed(endpoint=self.endpoint, model_package_arn=arn, contest=contest))
        self.log.info("Endpoint %s serves %s", self.endpoint, self.model_package_arn)
        self.log.info("Deleted old configurations: %s", old or "none")
        return {
            "endpoint": self.endpoint,
            "config": config,
            "model": model,
            "model_package_arn": self.model_package_arn,
            "variant": variant,
            "instances": instances(endpoint)[variant],
            "capture": folder(describe_config(self.sagemaker, config), self.endpoint, variant),
            "contest": variant == CHALLENGER,
            "changed": changed,
        }

    def _outcome(self, contest: bool, changed: bool) -> str:
        """Return what the deployment has changed, for the note of the run."""
        version = version_of(self.model_package_arn)
        if contest:
            return f"Endpoint {self.endpoint} tries version {version} against the one it serves."
        return f"Endpoint {self.endpoint} serves version {version}{'' if changed else ' already'}."

    def _verify(self, endpoint: Json, asked: Json, model: str) -> None:
        if wrong := differences(self.sagemaker, endpoint, asked, model, self.version()):
            raise DeploymentError(f"it does not match the request: {'; '.join(wrong)}.")

    def _smoke(self, asked: Json) -> None:
        # A shadow variant cannot be invoked: the request then tests the production variant.
        rivals = {variant["VariantName"] for variant in asked["ProductionVariants"]}
        aim = {"TargetVariant": CHALLENGER} if CHALLENGER in rivals else {}
        self.refuse_unanswered(**aim)

    def _skip_if_older(self) -> None:
        self.skip_if_older(f"Endpoint {self.endpoint}", self._serving())

    def _serving(self) -> Iterator[str]:
        """Yield the versions in service, once no change is in progress."""
        yield from self.target.packages()

    def _refuse_another_incumbent(self, before: str | None, mine: str) -> None:
        """Raise if the endpoint changed since the new configuration was built from it."""
        now = self.target.config()
        if now not in (before, mine):  # mine, if the response to this task's request was lost
            raise DeploymentError(
                f"Endpoint {self.endpoint} changed from {before} to {now} while this deployment "
                "was prepared. Clear the task to test against the model that serves now."
            )
