"""The model in production: what the endpoint serves says it, and nothing else is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from include.pipelines.clients import client


@dataclass(frozen=True)
class Champion:
    """The deployed model package, with what was written down when it was registered."""

    arn: str
    container: dict[str, Any]
    window_end: date
    baseline: str  # S3 prefix of statistics.json and constraints.json
    encoder: str  # S3 prefix of encoder.json

    @property
    def holdout_scores(self) -> str:
        """S3 prefix of the model's answers to the holdout that it was judged by."""
        return f"{self._run}/scores/challenger/"

    @property
    def holdout_labels(self) -> str:
        return f"{self._run}/holdout_labels/"

    @property
    def _run(self) -> str:
        return self.baseline.rstrip("/").rpartition("/")[0]


def find_champion(endpoint: str) -> Champion | None:
    """The model that *endpoint* serves; None when there is no endpoint."""
    sagemaker = client("sagemaker")
    arn = _deployed_package(sagemaker, endpoint)
    return champion_of(sagemaker, arn) if arn else None


def champion_of(sagemaker: Any, arn: str) -> Champion:
    package = sagemaker.describe_model_package(ModelPackageName=arn)
    facts = package["CustomerMetadataProperties"]
    return Champion(
        arn=arn,
        container=container_of(package["InferenceSpecification"]["Containers"][0]),
        window_end=date.fromisoformat(facts["window_end"]),
        baseline=facts["baseline"],
        encoder=facts["encoder"],
    )


def container_of(specified: dict[str, Any]) -> dict[str, Any]:
    """Image, artifact and environment: the members that a model's container takes too."""
    wanted = ("Image", "ModelDataUrl", "Environment")
    return {name: specified[name] for name in wanted if name in specified}


def _deployed_package(sagemaker: Any, endpoint: str) -> str | None:
    from botocore.exceptions import ClientError

    try:
        config = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    except ClientError as error:
        if "Could not find" in str(error):
            return None
        raise
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
    model = sagemaker.describe_model(ModelName=variants[0]["ModelName"])
    package = model["PrimaryContainer"].get("ModelPackageName")
    if not package:
        raise ValueError(
            f"Endpoint {endpoint!r} serves model {model['ModelName']!r}, which was not made from a "
            "model package: its window and baseline are unknown. Run tear_down_endpoints first."
        )
    return str(package)
