"""Put a registered model behind an endpoint, and prove that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from prodml.exceptions import RequestRefusedError
from prodml.hooks.calls import patiently
from prodml.hooks.endpoints import Endpoint, instances
from prodml.hooks.experiments import get_or_create
from prodml.links.job import SageMakerLink
from prodml.naming import content_name
from prodml.operators.base import AwsOperator, default_deferrable
from prodml.triggers.job import SageMakerTrigger
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

OWNER = "prodml:endpoint"  # the tag by which a tear-down finds what belongs to an endpoint


class DeployEndpointOperator(AwsOperator):
    """
    Create or update an endpoint so that it serves one version of a model package.

    Model and endpoint configuration are named after their content: deploying what is deployed
    already changes nothing. An update keeps the instances that autoscaling has started. The task
    succeeds only when the endpoint is in service on this very configuration and no failure is
    reported; an update that SageMaker rolled back fails the task with its reason.

    Returns ``{"endpoint", "config", "model", "model_package_arn", "instances", "changed"}``.

    :param endpoint: The endpoint's name.
    :param model_package_arn: The version to serve.
    :param role_arn: The role that the model runs under.
    :param variant: The production variant's name; keep it, or autoscaling has to start again.
    :param instance_type: The instances to use.
    :param instance_count: How many to start with.
    :param data_capture_uri: Where requests and answers are kept; nothing is captured without it.
    :param capture_percentage: How many of the requests.
    :param environment: Environment variables of the container.
    :param order_by: A property of the version's metadata that says how new it is, as text that
        sorts. If the version in service is newer, the task is skipped and changes nothing.
    :param config: Further members of the CreateEndpointConfig request.
    :param poll_interval: Seconds between two looks in the first minute; later looks are rarer.
    :param deferrable: Wait in the triggerer, without a worker slot.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "model_package_arn",
        "role_arn",
        "variant",
        "instance_type",
        "instance_count",
        "data_capture_uri",
        "environment",
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        endpoint: str,
        model_package_arn: str,
        role_arn: str | None = None,
        variant: str = "AllTraffic",
        instance_type: str = "ml.m5.large",
        instance_count: int | str = 1,
        data_capture_uri: str | None = None,
        capture_percentage: int = 100,
        environment: dict[str, str] | None = None,
        order_by: str | None = None,
        config: Json | None = None,
        poll_interval: float = 1.0,
        deferrable: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.model_package_arn = model_package_arn
        self.role_arn = role_arn
        self.variant = variant
        self.instance_type = instance_type
        self.instance_count = instance_count
        self.data_capture_uri = data_capture_uri
        self.capture_percentage = capture_percentage
        self.environment = environment
        self.order_by = order_by
        self.config = config
        self.poll_interval = poll_interval
        self.deferrable = default_deferrable() if deferrable is None else deferrable

    @property
    def target(self) -> Endpoint:
        return Endpoint(self.aws, self.endpoint, self.poll_interval)

    def execute(self, context: Context) -> Json:
        self._refuse_unapproved()
        self._leave_newer_alone()
        tags = [*self.tags(context, self.model_package_arn), {"Key": OWNER, "Value": self.endpoint}]
        model = self._model(tags)
        config = self._config(model, tags)
        changed = self.target.request(config, tags)
        state = {"config": config, "model": model, "changed": changed}
        self.link_to(context, ENDPOINT, self.endpoint)
        if self.deferrable and changed:
            arguments = (ENDPOINT.noun, self.endpoint, self.poll_interval, self.aws.arguments())
            self.defer(
                trigger=SageMakerTrigger(*arguments), method_name="execute_complete", kwargs=state
            )
        return self._finish(config, model, changed)

    def execute_complete(self, context: Context, event: Json, **state: Any) -> Json:
        """Go on after the trigger has fired."""
        return self._finish(**state)

    def _finish(self, config: str, model: str, changed: bool) -> Json:
        found = self.target.verified(config, changed)
        self.log.info("Endpoint %s serves %s", self.endpoint, self.model_package_arn)
        return {
            "endpoint": self.endpoint,
            "config": config,
            "model": model,
            "model_package_arn": self.model_package_arn,
            "instances": instances(found)[self.variant],
            "changed": changed,
        }

    def _leave_newer_alone(self) -> None:
        """A backfill, or a run that took long, never takes a newer version out of service."""
        if not self.order_by:
            return
        mine = self._age(self.model_package_arn)
        for serving in self.target.packages():
            if (theirs := self._age(serving)) > mine:
                raise AirflowSkipException(
                    f"Endpoint {self.endpoint} serves {serving}, whose {self.order_by} {theirs} is "
                    f"after {mine}: it stays. Deploy without order_by to go back on purpose."
                )

    def _age(self, package: str) -> str:
        found = patiently(self.sagemaker.describe_model_package, ModelPackageName=package)
        return str(found.get("CustomerMetadataProperties", {}).get(self.order_by, ""))

    def _refuse_unapproved(self) -> None:
        package = patiently(
            self.sagemaker.describe_model_package, ModelPackageName=self.model_package_arn
        )
        if (approval := package["ModelApprovalStatus"]) != "Approved":
            raise RequestRefusedError(
                f"Model package {self.model_package_arn} is {approval}. "
                "Only an approved version is deployed: approve it, or deploy another one."
            )

    def _model(self, tags: list[dict[str, str]]) -> str:
        container: Json = {"ModelPackageName": self.model_package_arn}
        if self.environment:
            container["Environment"] = self.environment
        request: Json = {"PrimaryContainer": container}
        if self.role_arn:
            request["ExecutionRoleArn"] = self.role_arn
        name = content_name(self.endpoint, request)
        get_or_create(self.sagemaker.create_model, ModelName=name, Tags=tags, **request)
        return name

    def _config(self, model: str, tags: list[dict[str, str]]) -> str:
        variant = {
            "VariantName": self.variant,
            "ModelName": model,
            "InstanceType": self.instance_type,
            "InitialInstanceCount": int(self.instance_count),
            "InitialVariantWeight": 1.0,
        }
        request: Json = {"ProductionVariants": [variant]} | (self.config or {})
        if self.data_capture_uri:
            request["DataCaptureConfig"] = capture(self.data_capture_uri, self.capture_percentage)
        name = content_name(self.endpoint, request)
        create = self.sagemaker.create_endpoint_config
        get_or_create(create, EndpointConfigName=name, Tags=tags, **request)
        return name


def capture(uri: str, percentage: int) -> Json:
    """Capture requests and answers as text; without the types SageMaker writes BASE64."""
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": uri,
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {
            "CsvContentTypes": ["text/csv"],
            "JsonContentTypes": ["application/json"],
        },
    }
