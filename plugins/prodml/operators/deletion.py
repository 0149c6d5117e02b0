"""Delete an endpoint with everything that belongs to it, and prove that nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prodml.autoscaling.registrations import PLACE, targets
from prodml.aws.alarms import owned
from prodml.aws.retries import delete, present, with_retries
from prodml.endpoints import references
from prodml.endpoints.cleanup import belongings
from prodml.exceptions import LeftoverError
from prodml.operators.endpoint import EndpointOperator
from prodml.vocabulary import ENDPOINT_CONFIG, MODEL, Json, Resource

if TYPE_CHECKING:
    from airflow.sdk import Context

Found = dict[str, list[str]]


class DeleteEndpointOperator(EndpointOperator):
    """
    Delete an endpoint with its scaling, alarms, configurations and models; then look again.

    Configurations and models of former deployments are found by the tag ``prodml:endpoint``.
    What another endpoint is on, or on its way to, stays with its models, since AWS would delete it
    without a word. Model packages stay: they are the history. Deleting what does not exist
    succeeds, and that of another Airflow's endpoint is refused.

    Returns ``{"endpoint", "deleted": {"scalable_targets", "alarms", "endpoints", "configs",
    "models"}}``.

    :param endpoint: The endpoint.
    :param poll_interval: Seconds between two looks while SageMaker deletes.
    """

    @property
    def scaling(self) -> Any:
        return self.aws.client("application-autoscaling")

    @property
    def cloudwatch(self) -> Any:
        return self.aws.client("cloudwatch")

    def execute(self, context: Context) -> Json:
        self.refuse_foreign(self.target.describe())
        found = self._found()
        for target in targets(self.aws, self.endpoint):
            place = {key: target[key] for key in PLACE}
            delete(self.scaling.deregister_scalable_target, **place)
        self.target.delete()
        if found["alarms"]:
            with_retries(self.cloudwatch.delete_alarms, AlarmNames=found["alarms"])
        for name in found["configs"]:
            delete(self.sagemaker.delete_endpoint_config, EndpointConfigName=name)
        for name in found["models"]:
            delete(self.sagemaker.delete_model, ModelName=name)
        if left := {what: names for what, names in self._found().items() if names}:
            raise LeftoverError(
                f"After deleting endpoint {self.endpoint!r} there is still {left}. "
                "Clear the task to delete it; if it comes back, something deploys at the moment."
            )
        self.log.info("Nothing of endpoint %s is left", self.endpoint)
        return {"endpoint": self.endpoint, "deleted": found}

    def _found(self) -> Found:
        """What belongs to the endpoint, and to no other one."""
        present = self.target.describe()
        named = {*references.configs_of(present or {}), *self._owned(ENDPOINT_CONFIG)}
        configs = {name for name in named if self._exists(name)}
        models = {*self._owned(MODEL), *references.models(self.sagemaker, configs)}
        others = (
            set(references.configs(self.sagemaker, but=self.endpoint))
            if configs or models
            else set()
        )
        return {
            "scalable_targets": [t["ResourceId"] for t in targets(self.aws, self.endpoint)],
            "alarms": owned(self.cloudwatch, self.endpoint),
            "endpoints": [self.endpoint] if present else [],
            "configs": sorted(configs - others),
            "models": sorted(models - references.models(self.sagemaker, others)),
        }

    def _owned(self, kind: Resource) -> set[str]:
        """Names of what carries this endpoint's tag."""
        found = belongings(self.sagemaker, self.endpoint, kind)
        return {str(summary[f"{kind.noun}Name"]) for summary, _ in found}

    def _exists(self, config: str) -> bool:
        describe = self.sagemaker.describe_endpoint_config
        return present(describe, EndpointConfigName=config) is not None
