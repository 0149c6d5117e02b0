"""Hold what a deployment serves: a version of a model package, and the variant that runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prodml.comparison.proposal import Proposal
from prodml.endpoints.resources import Tags, capture, ensure_config, ensure_model
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.serverless import Serverless, refuse_arguments, refuse_strategy
from prodml.endpoints.variants import desired
from prodml.operators.rollout import RolloutOperator
from prodml.rendered import given
from prodml.vocabulary import DEFAULT_VARIANT, EndpointStatus, Json


class ServedModelOperator(RolloutOperator):
    """
    Base of the operators that put a version of a model package on an endpoint.

    :param role_arn: The role that the model runs under.
    :param variant: The production variant's name; a new name loses its autoscaling.
    :param instance_type: The instance type.
    :param instance_count: The initial number of instances.
    :param volume_gb: The size of each instance's volume in gigabytes; None for AWS's own.
    :param serverless: Serve without instances: a :class:`~prodml.endpoints.serverless.Serverless`.
        It has no data capture, and none of the arguments of instances.
    :param data_capture_uri: The S3 prefix for captured requests and responses, with a folder for
        each endpoint configuration; None captures none.
    :param capture_percentage: Percent of the requests to capture.
    :param environment: Environment variables of each container.
    :param config: Further members of the CreateEndpointConfig request; they override the
        company's rules.
    :param model_config: Further members of the CreateModel request, such as VpcConfig; likewise.
    :param labels: Further tags of the model, the configuration and a new endpoint.
    """

    template_fields: Sequence[str] = (
        *RolloutOperator.template_fields,
        *("role_arn", "variant", "instance_type", "instance_count"),
        *("volume_gb", "serverless"),
        *("data_capture_uri", "environment"),
    )

    def __init__(
        self,
        *,
        role_arn: str | None = None,
        variant: str = DEFAULT_VARIANT,
        instance_type: str = "ml.m5.large",
        instance_count: int | str = 1,
        volume_gb: int | str | None = None,
        serverless: Serverless | Mapping[str, Any] | None = None,
        data_capture_uri: str | None = None,
        capture_percentage: int = 100,
        environment: dict[str, str] | None = None,
        config: Json | None = None,
        model_config: Json | None = None,
        labels: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.role_arn = role_arn
        self.variant = variant
        self.instance_type = instance_type
        self.instance_count = instance_count
        self.volume_gb = volume_gb
        self.serverless = serverless
        self.data_capture_uri = data_capture_uri
        self.capture_percentage = capture_percentage
        self.environment = environment
        self.config = config
        self.model_config = model_config
        self.labels = labels
        if isinstance(serverless, Serverless):
            self.refuse_instances()

    def refuse_instances(self) -> None:
        """Raise for arguments that AWS refuses with a serverless variant."""
        given = (self.data_capture_uri, self.instance_count, self.volume_gb)
        refuse_arguments(*given, self.config, self.model_config)

    def as_serverless(self, rollout: Rollout) -> Serverless | None:
        """Return the serverless variant to deploy, if it is one; raise for what AWS refuses."""
        wanted = Serverless.of(self.serverless)
        if wanted:
            refuse_strategy(rollout.strategy)
            self.refuse_instances()
        return wanted

    def running(self, endpoint: Json) -> int:
        """Return the number of instances that serve the variant."""
        return desired(endpoint).get(self.variant, int(self.instance_count))

    def warn(self, doubts: Sequence[str]) -> None:
        for doubt in doubts:
            self.log.warning("%s", doubt)

    def ensure_model(self, tags: Tags) -> str:
        container: Json = {"ModelPackageName": self.model_package_arn}
        if self.environment:
            container["Environment"] = self.environment
        stated = ([container], self.role_arn, tags, self.model_config)
        return ensure_model(self.sagemaker, self.endpoint, *stated)

    def ensure_config(
        self, model: str, endpoint: Json | None, rollout: Rollout, tags: Tags
    ) -> tuple[str, Json]:
        """Return the name of the endpoint configuration to serve, and its request."""
        in_service = endpoint and endpoint["EndpointStatus"] == EndpointStatus.IN_SERVICE
        serving = endpoint if in_service else None
        members = dict(self.config or {})
        if self.data_capture_uri:
            members["DataCaptureConfig"] = capture(self.data_capture_uri, self.capture_percentage)
        count, volume = int(self.instance_count), given(self.volume_gb)
        gigabytes = int(volume) if volume else None
        kind = Serverless.of(self.serverless)
        stated = (self.instance_type, count, members, gigabytes, kind)
        proposal = Proposal(self.variant, model, *stated)
        if (
            serving
            and rollout.is_contest
            and (running := proposal.running(self.sagemaker, serving))
        ):
            return running
        asked = proposal.request(self.sagemaker, serving, rollout)
        return ensure_config(self.aws, self.endpoint, asked, tags), asked
