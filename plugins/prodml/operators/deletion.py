"""Delete an endpoint with everything that belongs to it, and prove that nothing is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from prodml.exceptions import LeftoverError
from prodml.hooks.aws import is_absent
from prodml.hooks.endpoints import Endpoint
from prodml.hooks.jobs import patiently
from prodml.operators.autoscaling import SERVICE
from prodml.operators.base import AwsOperator
from prodml.operators.deployment import OWNER
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

Found = dict[str, list[str]]


class DeleteEndpointOperator(AwsOperator):
    """
    Deregister scaling, delete the endpoint, its configurations and their models; then look again.

    Configurations and models of former deployments are found by the tag ``prodml:endpoint``.
    What is shared with another endpoint stays, because it is not tagged for this one. Model
    packages stay: they are the history. Deleting what does not exist succeeds.

    Returns ``{"endpoint", "deleted": {"scalable_targets", "endpoints", "configs", "models"}}``.

    :param endpoint: The endpoint.
    :param poll_interval: Seconds between two looks while SageMaker deletes.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "endpoint")

    def __init__(self, *, endpoint: str, poll_interval: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.poll_interval = poll_interval

    @property
    def scaling(self) -> Any:
        return self.aws.client("application-autoscaling")

    def execute(self, context: Context) -> Json:
        found = self._found()
        for target in self._targets():
            patiently(self.scaling.deregister_scalable_target, **target)
        Endpoint(self.aws, self.endpoint, self.poll_interval).delete()
        self._delete("delete_endpoint_config", "EndpointConfigName", found["configs"])
        self._delete("delete_model", "ModelName", found["models"])
        if left := {what: names for what, names in self._found().items() if names}:
            raise LeftoverError(
                f"After deleting endpoint {self.endpoint!r} there is still {left}. "
                "Clear the task to delete it; if it comes back, something deploys at the moment."
            )
        self.log.info("Nothing of endpoint %s is left", self.endpoint)
        return {"endpoint": self.endpoint, "deleted": found}

    def _found(self) -> Found:
        present = Endpoint(self.aws, self.endpoint).describe()
        current = [present["EndpointConfigName"]] if present else []
        configs = sorted({*current, *self._owned("endpoint_config", "EndpointConfig")})
        models = {*self._owned("model", "Model"), *self._models_of(configs)}
        return {
            "scalable_targets": [target["ResourceId"] for target in self._targets()],
            "endpoints": [self.endpoint] if present else [],
            "configs": configs,
            "models": sorted(models),
        }

    def _owned(self, resource: str, noun: str) -> Iterator[str]:
        """Names of resources that carry this endpoint's tag."""
        pages = self.sagemaker.get_paginator(f"list_{resource}s").paginate(
            NameContains=self.endpoint
        )
        for page in pages:
            for summary in page[f"{noun}s"]:
                tags = patiently(self.sagemaker.list_tags, ResourceArn=summary[f"{noun}Arn"])
                if {"Key": OWNER, "Value": self.endpoint} in tags["Tags"]:
                    yield str(summary[f"{noun}Name"])

    def _models_of(self, configs: Sequence[str]) -> Iterator[str]:
        """The models that *configs* use, as far as they still exist."""
        known = {
            summary["ModelName"]
            for page in self.sagemaker.get_paginator("list_models").paginate()
            for summary in page["Models"]
        }
        for config in configs:
            found = patiently(self.sagemaker.describe_endpoint_config, EndpointConfigName=config)
            for variant in found["ProductionVariants"]:
                if variant["ModelName"] in known:
                    yield str(variant["ModelName"])

    def _targets(self) -> list[dict[str, str]]:
        found = patiently(self.scaling.describe_scalable_targets, ServiceNamespace=SERVICE)
        keys = ("ServiceNamespace", "ResourceId", "ScalableDimension")
        prefix = f"endpoint/{self.endpoint}/"
        return [
            {key: target[key] for key in keys}
            for target in found["ScalableTargets"]
            if target["ResourceId"].startswith(prefix)
        ]

    def _delete(self, method: str, key: str, names: Sequence[str]) -> None:
        from botocore.exceptions import ClientError

        for name in names:
            try:
                patiently(getattr(self.sagemaker, method), **{key: name})
            except ClientError as error:
                if not is_absent(error):
                    raise
