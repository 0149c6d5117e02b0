"""Create a model or an endpoint configuration alone, for custom deployments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.typed import typed
from prodml.endpoints.resources import ensure_config, ensure_model
from prodml.links.job import SageMakerLink
from prodml.operators.base import AwsOperator
from prodml.results import Container
from prodml.vocabulary import ENDPOINT_CONFIG, MODEL, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class EnsureModelOperator(AwsOperator):
    """
    Create a model of these containers, named after its content, unless it exists.

    Returns ``{"model"}``.

    :param prefix: The beginning of the name.
    :param containers: Container definitions, each a ModelPackageName or an Image with a
        ModelDataUrl: one, or up to 15 that answer in this order as an inference pipeline.
    :param role_arn: The role that the model runs under.
    :param config: Further members of the CreateModel request; they override the company's rules.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "prefix",
        "containers",
        "role_arn",
        "config",
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        prefix: str,
        containers: Sequence[Container] | Sequence[Json],
        role_arn: str | None = None,
        config: Json | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.prefix = prefix
        self.containers = containers
        self.role_arn = role_arn
        self.config = config

    def execute(self, context: Context) -> Json:
        tags = self.tags(context, self.prefix)
        config = typed(self.sagemaker, "CreateModel", self.config or {})
        name = ensure_model(
            self.sagemaker, self.prefix, self.containers, self.role_arn, tags, config
        )
        self.link_to(context, MODEL, name)
        return {"model": name}


class EnsureEndpointConfigOperator(AwsOperator):
    """
    Create an endpoint configuration of this request, unless it exists.

    What it captures goes into a folder of its own, ``DestinationS3Uri/CONFIG``, so that each
    answer says which model gave it.

    Returns ``{"config"}``.

    :param prefix: The beginning of the name.
    :param config: The CreateEndpointConfig request without its name; its members override the
        company's rules.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "prefix", "config")
    operator_extra_links = (SageMakerLink(),)

    def __init__(self, *, prefix: str, config: Json, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prefix = prefix
        self.config = config

    def execute(self, context: Context) -> Json:
        tags = self.tags(context, self.prefix)
        config = typed(self.sagemaker, "CreateEndpointConfig", self.config)
        name = ensure_config(self.aws, self.prefix, config, tags)
        self.link_to(context, ENDPOINT_CONFIG, name)
        return {"config": name}
