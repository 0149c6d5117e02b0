"""Put a registered model behind an endpoint, and prove that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from prodml.exceptions import DeploymentError, RequestRefusedError
from prodml.hooks.calls import patiently
from prodml.hooks.endpoints import Endpoint, instances
from prodml.hooks.experiments import get_or_create
from prodml.hooks.superseded import OWNER, clean_up
from prodml.links.job import SageMakerLink
from prodml.naming import content_name
from prodml.operators.base import AwsOperator, default_deferrable
from prodml.rollout import Rollout, Strategy
from prodml.triggers.job import SageMakerTrigger
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class DeployEndpointOperator(AwsOperator):
    """
    Create or update an endpoint so that it serves one version of a model package.

    Model and endpoint configuration are named after their content: deploying what is deployed
    already changes nothing. An update keeps the instances that autoscaling has started. The task
    succeeds only when the endpoint is in service on this very configuration and no failure is
    reported; an update that SageMaker rolled back fails the task with its reason. An endpoint that
    does not answer *smoke_payload* is put back on what served before, and the task fails.

    Superseded configurations with their models are deleted, but for the newest *keep* of them; what
    any endpoint serves is never deleted, and model packages stay.

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
    :param rollout: ``all-at-once``, ``canary``, ``linear`` or ``rolling``: how an update moves.
    :param rollout_step: Percent of the fleet that one step moves.
    :param rollout_wait: Seconds after each step, in which an alarm takes the update back.
    :param rollback_alarms: CloudWatch alarms that take an update back.
    :param smoke_payload: A request that the endpoint must answer.
    :param smoke_content_type: What the payload holds.
    :param keep: How many superseded configurations stay, to go back to.
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
        "rollout",
        "rollout_step",
        "rollout_wait",
        "rollback_alarms",
        "smoke_payload",
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
        rollout: str = Strategy.ALL_AT_ONCE,
        rollout_step: int | str = 10,
        rollout_wait: int | str = 300,
        rollback_alarms: Sequence[str] = (),
        smoke_payload: str | None = None,
        smoke_content_type: str = "text/csv",
        keep: int = 2,
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
        self.rollout = rollout
        self.rollout_step = rollout_step
        self.rollout_wait = rollout_wait
        self.rollback_alarms = rollback_alarms
        self.smoke_payload = smoke_payload
        self.smoke_content_type = smoke_content_type
        self.keep = keep
        self.poll_interval = poll_interval
        self.deferrable = default_deferrable() if deferrable is None else deferrable

    @property
    def target(self) -> Endpoint:
        return Endpoint(self.aws, self.endpoint, self.poll_interval)

    def _rollout(self) -> Rollout:
        strategy, alarms = Strategy(self.rollout), list(self.rollback_alarms)
        return Rollout(strategy, int(self.rollout_step), int(self.rollout_wait), alarms)

    def execute(self, context: Context) -> Json:
        rollout = self._rollout()
        self._refuse_unapproved()
        self._leave_newer_alone()
        tags = [*self.tags(context, self.model_package_arn), {"Key": OWNER, "Value": self.endpoint}]
        model = self._model(tags)
        config = self._config(model, tags)
        before = (self.target.settle() or {}).get("EndpointConfigName")
        changed = self.target.request(config, tags, rollout, self._leave_newer_alone)
        state: Json = {"config": config, "model": model, "changed": changed, "before": before}
        self.link_to(context, ENDPOINT, self.endpoint)
        if self.deferrable and changed:
            arguments = (ENDPOINT.noun, self.endpoint, self.poll_interval, self.aws.arguments())
            self.defer(
                trigger=SageMakerTrigger(*arguments), method_name="execute_complete", kwargs=state
            )
        return self._finish(**state)

    def execute_complete(self, context: Context, event: Json, **state: Any) -> Json:
        """Go on after the trigger has fired."""
        return self._finish(**state)

    def _finish(self, config: str, model: str, changed: bool, before: str | None) -> Json:
        found = self.target.verified(config, changed)
        self._verify_model(found, model)
        self._smoke(config, before)
        old = clean_up(self.sagemaker, self.endpoint, self.keep)
        self.log.info("Endpoint %s serves %s", self.endpoint, self.model_package_arn)
        self.log.info("Superseded configurations deleted: %s", old or "none")
        return {
            "endpoint": self.endpoint,
            "config": config,
            "model": model,
            "model_package_arn": self.model_package_arn,
            "instances": instances(found)[self.variant],
            "changed": changed,
        }

    def _verify_model(self, found: Json, model: str) -> None:
        """Every image that runs must be the version's own."""
        package = self._package()["InferenceSpecification"]["Containers"]
        wanted = {container["Image"] for container in package}
        variants = found["ProductionVariants"]
        images = {i.get("SpecifiedImage") for v in variants for i in v.get("DeployedImages", [])}
        if images and not images & wanted:
            raise DeploymentError(
                f"Endpoint {self.endpoint} runs {sorted(map(str, images))}, but model {model} is "
                f"{sorted(wanted)}. Look at who changed the endpoint."
            )

    def _smoke(self, config: str, before: str | None) -> None:
        """Ask the endpoint; go back to *before* if it does not answer."""
        from botocore.exceptions import ClientError

        if self.smoke_payload is None:
            return
        try:
            patiently(
                self.aws.client("sagemaker-runtime").invoke_endpoint,
                EndpointName=self.endpoint,
                ContentType=self.smoke_content_type,
                Body=self.smoke_payload.encode(),
            )
        except ClientError as error:
            back = before not in (None, config)
            if back:
                self.target.request(str(before), [])
                self.target.settle()
            outcome = f"{before} serves again" if back else "there is nothing to go back to"
            raise DeploymentError(
                f"Endpoint {self.endpoint} on {config} does not answer: {error}. {outcome}. "
                "Read the log of the model's container."
            ) from error

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

    def _package(self) -> Json:
        describe = self.sagemaker.describe_model_package
        found: Json = patiently(describe, ModelPackageName=self.model_package_arn)
        return found

    def _refuse_unapproved(self) -> None:
        if (approval := self._package()["ModelApprovalStatus"]) != "Approved":
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
