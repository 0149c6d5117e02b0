"""Deploy a registered model as an inference component, and scale its copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.autoscaling.registrations import scaled_component
from prodml.autoscaling.scaling import Scaling
from prodml.aws.retries import delete
from prodml.aws.tags import as_tags, merged
from prodml.endpoints.cleanup import OWNER
from prodml.endpoints.component import Component, Hosts, deployment_config, refuse_strategy
from prodml.endpoints.component_hosts import is_for_components, models_of
from prodml.endpoints.hosted import Hosted
from prodml.endpoints.resources import ensure_config, ensure_model
from prodml.endpoints.update import Update
from prodml.endpoints.versions import refuse_unapproved
from prodml.exceptions import RequestRefusedError, RolledBackError
from prodml.links.job import SageMakerLink
from prodml.naming import version_of
from prodml.notifications.outbox import post
from prodml.notifications.version_events import ModelDeployed
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.rollback_record import records_rollback
from prodml.operators.rollout import RolloutOperator
from prodml.results import DeployedComponent
from prodml.run_notes import leave
from prodml.vocabulary import DEFAULT_VARIANT, ENDPOINT, INFERENCE_COMPONENT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class DeployComponentOperator(RolloutOperator):
    """
    Create or update an inference component so that it serves one version of a model package.

    Several components share the instances of one endpoint, which the first of them creates; an
    existing endpoint is used as it is. An update keeps the copies that autoscaling has set. A retry
    adopts the change that is in progress. The task succeeds only if the component is in service
    with this model. An update that SageMaker rolled back fails the task with its reason, without a
    retry; a model that does not answer *smoke_payload* is replaced by the previous one, and the
    task fails.

    Returns ``{"endpoint", "component", "model", "model_package_arn", "copies", "changed"}``.

    :param endpoint: The endpoint whose instances hold the component.
    :param component: The component's name, unique in the account.
    :param needs: What each copy reserves, and the number of copies: a
        :class:`~prodml.endpoints.component.Component`.
    :param hosts: The instances of an endpoint that does not exist yet.
    :param role_arn: The role that the endpoint and its models run under.
    :param environment: Environment variables of the container.
    :param rollout: ``all-at-once`` or ``rolling``.
    :param rollout_step: Percent of the copies per step.
    :param smoke_payload: A request that the component must answer; not sent at zero copies.
    """

    template_fields: Sequence[str] = (
        *RolloutOperator.template_fields,
        *("component", "needs", "hosts", "role_arn", "environment"),
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        component: str,
        needs: Component | Mapping[str, Any],
        hosts: Hosts | Mapping[str, Any] | None = None,
        role_arn: str | None = None,
        environment: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.component = component
        self.needs = needs
        self.hosts = hosts
        self.role_arn = role_arn
        self.environment = environment
        if "{{" not in self.rollout:
            refuse_strategy(self.rollout)

    @property
    def hosted(self) -> Hosted:
        return Hosted(self.aws, self.component, self.poll_interval)

    def execute(self, context: Context) -> DeployedComponent:
        refuse_strategy(self.rollout)
        rollout, needs = self.chosen_rollout(), Component.of(self.needs)
        refuse_unapproved(self.version())
        self._skip_if_older()
        tags = self.tags(context, self.model_package_arn)
        self._ensure_hosts(context)
        model = self._ensure_model(merged(tags, as_tags({OWNER: self.component})))
        wanted, tags = needs.specification(model), merged(tags, as_tags({OWNER: self.endpoint}))
        place = {"EndpointName": self.endpoint, "VariantName": DEFAULT_VARIANT}
        stated = (wanted, needs.copies, tags, deployment_config(rollout))
        changed = self.hosted.request(place, *stated, recheck=self._recheck)
        self.link_to(context, ENDPOINT, self.endpoint)
        state: Json = {"wanted": wanted, "changed": changed}
        if self.deferrable and changed:
            trigger = self.trigger(INFERENCE_COMPONENT.noun, self.component, state)
            self.defer(trigger=trigger, method_name="execute_complete")
        return self._finish(**state)

    def _recheck(self) -> None:
        self._skip_if_older()
        if self.before_update:
            self.before_update()

    def _skip_if_older(self) -> None:
        self.skip_if_older(f"Inference component {self.component}", self._serving())

    def _serving(self) -> Iterator[str]:
        """Yield the version in service, once no change is in progress."""
        yield from self.hosted.packages()

    def _ensure_hosts(self, context: Context) -> None:
        """Create the endpoint if it does not exist; refuse one that has models of its own."""
        self.refuse_foreign(endpoint := self.target.settle())
        if endpoint and endpoint["EndpointStatus"] != "Failed":
            if not is_for_components(self.sagemaker, endpoint):
                raise RequestRefusedError(
                    f"Endpoint {self.endpoint} serves a model of its own and holds no inference "
                    "components. Deploy to another endpoint."
                )
            return
        # Not the version's tags, which Studio reads: versions come and go on these instances.
        tags = merged(self.tags(context, self.endpoint), as_tags({OWNER: self.endpoint}))
        request = Hosts.of(self.hosts).request(DEFAULT_VARIANT, self.role_arn)
        config = ensure_config(self.aws, self.endpoint, request, tags)
        changed = Update(self.target, config, tags, proved=True).request()
        self.target.verified(config, changed)

    def _ensure_model(self, tags: list[dict[str, str]]) -> str:
        container: Json = {"ModelPackageName": self.model_package_arn}
        if self.environment:
            container["Environment"] = self.environment
        return ensure_model(self.sagemaker, self.component, [container], self.role_arn, tags)

    def execute_complete(self, context: Context, event: Json) -> DeployedComponent:
        """Resume after the trigger has fired."""
        self.refuse_overdue(event, f"Inference component {self.component}")
        return self._finish(**event["resume"])

    @records_rollback
    def _finish(self, wanted: Json, changed: bool) -> DeployedComponent:
        description = self.hosted.verified(wanted, changed)
        copies = int(description["RuntimeConfig"]["CurrentCopyCount"])
        before = self.hosted.before(wanted["ModelName"])
        self._smoke(wanted, before, copies)
        self.hosted.forget()
        self._delete_models({wanted["ModelName"], before})
        version = version_of(self.model_package_arn)
        served = f"Inference component {self.component} on endpoint {self.endpoint} serves version"
        leave(f"{served} {version}{'' if changed else ' already'}.")
        if changed or before:  # else an earlier deployment has verified it
            post(
                ModelDeployed(
                    endpoint=self.endpoint,
                    component=self.component,
                    model_package_arn=self.model_package_arn,
                )
            )
        self.log.info("Component %s serves %s", self.component, self.model_package_arn)
        return {
            "endpoint": self.endpoint,
            "component": self.component,
            "model": wanted["ModelName"],
            "model_package_arn": self.model_package_arn,
            "copies": copies,
            "changed": changed,
        }

    def _smoke(self, wanted: Json, before: str | None, copies: int) -> None:
        """Send the test request; replace a model that does not answer by the previous one."""
        if not copies:
            return
        try:
            self.refuse_unanswered(InferenceComponentName=self.component)
        except Exception as error:
            raise RolledBackError(
                f"Inference component {self.component} failed the test request: {error} "
                f"{self.hosted.go_back(wanted, before)} {self.hosted.advice()}"
            ) from error

    def _delete_models(self, kept: set[str | None]) -> None:
        """Delete the models of earlier versions, but for the one before this."""
        for name in models_of(self.aws, self.component):
            if name not in kept:
                delete(self.sagemaker.delete_model, ModelName=name)


class ComponentAutoscalingOperator(AutoscalingOperator):
    """
    Scale the copies of an inference component, also to zero and back.

    Returns what :class:`~prodml.operators.autoscaling.AutoscalingOperator` returns.

    :param component: The component, in service.
    :param needs: The :class:`~prodml.endpoints.component.Component`, which has the bounds and the
        target; without ``most_copies``, earlier scaling is removed.
    """

    template_fields: Sequence[str] = (*AutoscalingOperator.template_fields, "component", "needs")

    def __init__(
        self, *, component: str, needs: Component | Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.component = component
        self.needs = needs

    @property
    def place(self) -> dict[str, str]:
        return scaled_component(self.component)

    @property
    def scaled(self) -> str:
        return self.component

    def chosen(self) -> tuple[int, int, Scaling | None] | None:
        """Return the bounds and the policies; None if the component is not scaled."""
        needs = Component.of(self.needs)
        if needs.most_copies is None:
            return None
        return needs.least_copies, needs.most_copies, needs.scaling(self.component)
