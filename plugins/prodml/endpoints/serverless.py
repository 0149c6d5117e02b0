"""Serve a model without instances of its own: a variant that SageMaker starts on demand.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prodml.autoscaling.policies import PREFIX, UTILIZATION, TargetTracking
from prodml.autoscaling.scaling import Scaling
from prodml.company_rules import company_rules
from prodml.endpoints.rollout import Strategy
from prodml.endpoints.variants import variants
from prodml.exceptions import InvalidInputError, RequestRefusedError
from prodml.vocabulary import EndpointStatus, Json

MEMORY = (1024, 2048, 3072, 4096, 5120, 6144)  # MB
MOST_CONCURRENCY = 200
# AWS falls back to all at once for a rolling update; the tests need two variants.
STRATEGIES = (Strategy.ALL_AT_ONCE, Strategy.CANARY, Strategy.LINEAR)
KINDS = ("a serverless variant", "instances")
REFUSED = ("DataCaptureConfig", "AsyncInferenceConfig", "ShadowProductionVariants", "VpcConfig")


@dataclass(frozen=True)
class Serverless:
    """
    A serverless variant: it costs nothing while no request comes, and starts on demand.

    AWS has no data capture, A/B or shadow test, VPC, network isolation or inference pipeline for
    it, so drift cannot be checked. Raises ValueError for what AWS would refuse.

    :param memory_mb: Megabytes, 1024 to 6144 in steps of 1024; the CPU grows with it.
    :param max_concurrency: Requests at once; further ones are throttled.
    :param provisioned_concurrency: Requests at once for which instances are always up, and paid.
    :param most_provisioned: Scale the provisioned concurrency up to this; None keeps it constant.
    :param target_utilization: The share of it in use that scaling keeps near.
    """

    memory_mb: int = 2048
    max_concurrency: int = 5
    provisioned_concurrency: int | None = None
    most_provisioned: int | None = None
    target_utilization: float = 0.7

    def __post_init__(self) -> None:
        if self.memory_mb not in MEMORY:
            raise InvalidInputError(
                f"Invalid memory_mb {self.memory_mb}. Use one of {', '.join(map(str, MEMORY))}."
            )
        if not 1 <= self.max_concurrency <= MOST_CONCURRENCY:
            raise InvalidInputError(
                f"Invalid max_concurrency {self.max_concurrency}. Use 1 to {MOST_CONCURRENCY}."
            )
        self._check_provisioned()
        if not 0 < self.target_utilization <= 1:
            raise InvalidInputError(
                f"Invalid target_utilization {self.target_utilization}. Use a share such as 0.7."
            )

    def _check_provisioned(self) -> None:
        least, most = self.provisioned_concurrency, self.most_provisioned
        if least is not None and not 1 <= least <= self.max_concurrency:
            raise InvalidInputError(
                f"Invalid provisioned_concurrency {least}. Use 1 to max_concurrency, "
                f"{self.max_concurrency}, or None."
            )
        if most is not None and (least is None or not least <= most <= self.max_concurrency):
            raise InvalidInputError(
                f"Invalid most_provisioned {most}. Set provisioned_concurrency too, and use a "
                f"number from it to max_concurrency, {self.max_concurrency}."
            )

    @classmethod
    def of(cls, value: Serverless | Mapping[str, Any] | None) -> Serverless | None:
        """Return the variant that an argument states, also as a mapping from a task's result."""
        return cls(**value) if isinstance(value, Mapping) else value or None

    @property
    def scaling(self) -> Scaling:
        """Return the policy that scales the provisioned concurrency."""
        name = f"{PREFIX}provisioned-concurrency"
        return Scaling([TargetTracking(self.target_utilization, UTILIZATION, name=name)])

    def as_json(self) -> Json:
        return asdict(self)

    def variant(self, name: str, model: str) -> Json:
        """Return the production variant as CreateEndpointConfig takes it."""
        config = {"MemorySizeInMB": self.memory_mb, "MaxConcurrency": self.max_concurrency}
        if self.provisioned_concurrency is not None:
            config["ProvisionedConcurrency"] = self.provisioned_concurrency
        return {
            "VariantName": name,
            "ModelName": model,
            "InitialVariantWeight": 1.0,
            "ServerlessConfig": config,
        }


def refuse_strategy(strategy: str) -> None:
    """Raise for a strategy that a serverless endpoint does not have."""
    if strategy not in STRATEGIES:
        raise InvalidInputError(
            f"rollout is {strategy}, which a serverless endpoint does not have. Use one of "
            f"{', '.join(STRATEGIES)}."
        )


def refuse_other_kind(name: str, endpoint: Json | None, wanted: Serverless | None) -> None:
    """Raise if a described endpoint serves on instances and is to be serverless, or the reverse."""
    if endpoint is None or endpoint["EndpointStatus"] != EndpointStatus.IN_SERVICE:
        return
    is_serverless = any("CurrentServerlessConfig" in variant for variant in variants(endpoint))
    if is_serverless != bool(wanted):
        now, asked = KINDS if is_serverless else KINDS[::-1]
        raise RequestRefusedError(
            f"Endpoint {name} is served by {now}, and the task requests {asked}. Delete the "
            "endpoint first, or deploy to another one."
        )


def refuse_arguments(capture_uri: Any, count: Any, volume: Any, *members: Json | None) -> None:
    """Raise for arguments of a deployment that AWS refuses with a serverless variant.

    :param members: Further members of its CreateEndpointConfig and CreateModel requests.
    """
    stated = {
        "data_capture_uri": capture_uri not in (None, ""),
        "instance_count": str(count) != "1",
        "volume_gb": volume is not None,
    }
    names = [name for name, is_stated in stated.items() if is_stated]
    for given in members:
        names += [name for name in REFUSED if name in (given or {})]
        names += ["EnableNetworkIsolation"] * bool((given or {}).get("EnableNetworkIsolation"))
    if names:
        raise InvalidInputError(
            f"{', '.join(names)}: a serverless variant has none of these. Remove them, or serve "
            "on instances."
        )
    _refuse_rules()


def _refuse_rules() -> None:
    rules = company_rules()
    variables = {
        "PRODML_SUBNETS": bool(rules.subnets),
        "PRODML_NETWORK_ISOLATION": rules.network_isolation,
    }
    if demanded := [name for name, is_set in variables.items() if is_set]:
        raise InvalidInputError(
            f"The company's rules demand {', '.join(demanded)}, which serverless endpoints do not "
            "support. Serve on instances."
        )
