"""Delete an endpoint with everything that belongs to it, and verify that nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prodml.apis import deletion as apis
from prodml.autoscaling.registrations import PLACE, deregister_component, targets
from prodml.aws.alarms import owned
from prodml.aws.retries import delete, present, with_retries
from prodml.endpoints import references
from prodml.endpoints.cleanup import belongings
from prodml.endpoints.component_hosts import components_on, is_for_components, models_of
from prodml.endpoints.hosted import Hosted
from prodml.exceptions import LeftoverError
from prodml.operators.endpoint import EndpointOperator
from prodml.vocabulary import ENDPOINT_CONFIG, MODEL, Json, Resource

if TYPE_CHECKING:
    from airflow.sdk import Context

Belongings = dict[str, list[str]]


class DeleteEndpointOperator(EndpointOperator):
    """
    Delete an endpoint with its scaling, alarms, REST API, configurations and models, and verify it.

    Its inference components go first, with their models: AWS deletes no endpoint that has some.

    The tag ``prodml:endpoint`` identifies the configurations and models of earlier deployments. A
    configuration that another endpoint uses, or is being updated to, stays with its models; AWS
    itself would delete it. Model packages stay, as the history. Deleting an endpoint that does not
    exist succeeds; deleting one of another Airflow is refused.

    Returns ``{"endpoint", "deleted": {"scalable_targets", "alarms", "apis", "usage_plans",
    "api_keys", "components", "endpoints", "configs", "models"}}``.

    :param endpoint: The endpoint.
    :param poll_interval: Seconds between two polls while SageMaker deletes.
    """

    @property
    def scaling(self) -> Any:
        return self.aws.client("application-autoscaling")

    @property
    def cloudwatch(self) -> Any:
        return self.aws.client("cloudwatch")

    @property
    def gateway(self) -> Any:
        return self.aws.client("apigateway")

    def execute(self, context: Context) -> Json:
        self.refuse_foreign(self.target.describe())
        belongings = self._belongings()
        for target in targets(self.aws, self.endpoint):
            place = {key: target[key] for key in PLACE}
            delete(self.scaling.deregister_scalable_target, **place)
        apis.delete_all(self.gateway, belongings)
        for component in belongings["components"]:
            deregister_component(self.aws, component)
            Hosted(self.aws, component, self.poll_interval).delete()
        self.target.delete()
        if belongings["alarms"]:
            with_retries(self.cloudwatch.delete_alarms, AlarmNames=belongings["alarms"])
        for name in belongings["configs"]:
            delete(self.sagemaker.delete_endpoint_config, EndpointConfigName=name)
        for name in belongings["models"]:
            delete(self.sagemaker.delete_model, ModelName=name)
        if left := {what: names for what, names in self._belongings().items() if names}:
            raise LeftoverError(
                f"Endpoint {self.endpoint!r} was deleted, but still has {left}. Clear the task to "
                "delete the rest; if it comes back, another task or tool is deploying it."
            )
        self.log.info("Deleted endpoint %s and all that belonged to it", self.endpoint)
        return {"endpoint": self.endpoint, "deleted": belongings}

    def _belongings(self) -> Belongings:
        """Return what belongs to this endpoint and to no other."""
        present = self.target.describe()
        named = {*references.configs_of(present or {}), *self._owned(ENDPOINT_CONFIG)}
        configs = {name for name in named if self._exists(name)}
        models = {*self._owned(MODEL), *references.models(self.sagemaker, configs)}
        held = is_for_components(self.sagemaker, present)
        components = components_on(self.aws, self.endpoint) if held else []
        for component in components:
            models |= set(models_of(self.aws, component))
        others = (
            set(references.configs(self.sagemaker, but=self.endpoint))
            if configs or models
            else set()
        )
        return {
            "scalable_targets": [t["ResourceId"] for t in targets(self.aws, self.endpoint)],
            "alarms": owned(self.cloudwatch, self.endpoint),
            **apis.belongings(self.gateway, self.endpoint),
            "components": components,
            "endpoints": [self.endpoint] if present else [],
            "configs": sorted(configs - others),
            "models": sorted(models - references.models(self.sagemaker, others)),
        }

    def _owned(self, kind: Resource) -> set[str]:
        """Return the names of resources with this endpoint's tag."""
        summaries = belongings(self.sagemaker, self.endpoint, kind)
        return {str(summary[f"{kind.noun}Name"]) for summary, _ in summaries}

    def _exists(self, config: str) -> bool:
        describe = self.sagemaker.describe_endpoint_config
        return present(describe, EndpointConfigName=config) is not None
