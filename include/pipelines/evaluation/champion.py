"""The model in production: what the endpoint serves says it, and nothing else is asked.

Not all that serves was registered by a retrain: somebody may have deployed a version of their own,
or a model without one. What such a model does not say is unknown, and is None here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from prodml.aws.retries import present
from prodml.results import Container, Deployed, Promoted
from prodml.vocabulary import EndpointStatus, Json

from include.pipelines.adapters.aws import client
from include.pipelines.contracts import VersionFacts
from include.pipelines.data.slices import day_of
from include.pipelines.errors import NothingNew
from include.settings import settings


@dataclass(frozen=True)
class Champion:
    """
    The deployed model, with what was written down when its version was registered.

    :param arn: The version; None for a model that was not made from one.
    :param container: Image, artifact and environment; None if it has not just one that is known.
    :param facts: The version's metadata.
    :param since: When its endpoint configuration was made: earlier answers are of another one.
    :param config: The endpoint configuration that serves it; None for a version that may not serve.
    :param capture: The S3 prefix that its answers are captured below.
    """

    arn: str | None
    container: Container | None
    facts: Mapping[str, str]
    since: datetime | None = None
    config: str | None = None
    capture: str | None = None

    @property
    def _registered(self) -> VersionFacts:
        """The metadata of a version that a retrain registered; of another, any may be missing."""
        return cast(VersionFacts, self.facts)

    @property
    def window_end(self) -> date | None:
        """The first day that the model has not learned from; None if nobody knows."""
        return day_of(self._registered.get("window_end"))

    @property
    def baseline(self) -> str | None:
        """S3 prefix of statistics.json and constraints.json."""
        return self._registered.get("baseline")

    @property
    def encoder(self) -> str | None:
        """S3 prefix of encoder.json."""
        return self._registered.get("encoder")

    @property
    def holdout_scores(self) -> str | None:
        """S3 prefix of the model's answers to the holdout that it was judged by."""
        return self._registered.get("holdout_scores")

    @property
    def holdout_labels(self) -> str | None:
        """S3 prefix of that holdout's labels."""
        return self._registered.get("holdout_labels")


def find_champion(endpoint: str) -> Champion | None:
    """The model that *endpoint* serves; None if there is no endpoint, or it never came up."""
    sagemaker = client("sagemaker")
    found = present(sagemaker.describe_endpoint, EndpointName=endpoint)
    if found is None or found["EndpointStatus"] == EndpointStatus.FAILED:
        return None
    name = found["EndpointConfigName"]
    config = present(sagemaker.describe_endpoint_config, EndpointConfigName=name) or {}
    container = _primary_container(sagemaker, config)
    arn = container.get("ModelPackageName")
    champion = find_version(arn) if arn else Champion(None, container_of(container), {})
    capture = found.get("DataCaptureConfig", {}).get("DestinationS3Uri")
    return replace(champion, since=config.get("CreationTime"), config=name, capture=capture)


def find_version(arn: str) -> Champion:
    """Return what a version says of itself; nothing, if it was deleted."""
    package = present(client("sagemaker").describe_model_package, ModelPackageName=arn) or {}
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    own = container_of(containers[0]) if len(containers) == 1 else None
    return Champion(arn, own, package.get("CustomerMetadataProperties", {}))


def deployed_event(deployed: Deployed | Promoted) -> Json:
    """What the Asset of a deployed model carries; NothingNew if the champion is the same still.

    *deployed* is the result of a deployment or of a contest's end.
    """
    if deployed.get("contest"):
        raise NothingNew("It competes with the model in production: see promote_winner.")
    if not deployed.get("promoted", True):
        raise NothingNew("The model in production has won the contest, and stays.")
    arn = deployed["model_package_arn"]
    describe = client("sagemaker").describe_model_package
    package = (present(describe, ModelPackageName=arn) if arn else None) or {}
    facts = package.get("CustomerMetadataProperties", {}).items()
    return {
        "endpoint": deployed["endpoint"],
        "endpoint_config": deployed["config"],
        "model_package_arn": arn,
        "deployment": settings().deployment,
        **{name: value for name, value in facts if ":" not in name},  # those are measures
    }


def container_of(specified: Json) -> Container | None:
    """Image, artifact and environment: the members that a model's container takes too."""
    if "Image" not in specified:
        return None
    container: Container = {"Image": specified["Image"]}
    if "ModelDataUrl" in specified:
        container["ModelDataUrl"] = specified["ModelDataUrl"]
    if "Environment" in specified:
        container["Environment"] = specified["Environment"]
    return container


def _primary_container(sagemaker: Any, config: Json) -> Json:
    """Return what the model in production is made of; nothing if it was deleted."""
    names = [v["ModelName"] for v in config.get("ProductionVariants", []) if "ModelName" in v]
    model = present(sagemaker.describe_model, ModelName=names[0]) if names else None
    return dict((model or {}).get("PrimaryContainer", {}))
