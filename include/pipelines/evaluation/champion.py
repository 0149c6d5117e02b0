"""Find the model in production, from the endpoint alone.

Not all that serves was registered by a retrain: a user may have deployed another version,
or a model without one. What such a model does not say is unknown, and is None here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from prodml.aws.retries import present
from prodml.containers import all_plain, of_model, of_version, version_of_model
from prodml.endpoints.hosted import FAILED
from prodml.rendered import moment
from prodml.results import Container
from prodml.vocabulary import EndpointStatus, Json

from include.pipelines.adapters.aws import client
from include.pipelines.contracts.evaluation import VersionFacts
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.errors import NothingNew
from include.settings import settings

# The members of a deployment's result that its event has, with their names there.
PLACES = {"endpoint": "endpoint", "component": "component", "config": "endpoint_config"}


@dataclass(frozen=True)
class Champion:
    """
    The deployed model, with the metadata of its registered version.

    :param arn: The version; None for a model that was not made from one.
    :param containers: Image, artifact and environment of each, in order; None unless all are known.
    :param facts: The version's metadata.
    :param since: When its endpoint configuration was made, or the model of its inference component:
        earlier answers are of another one.
    :param config: The endpoint configuration that serves it; None for a component, and for a
        version that may not serve.
    :param capture: The S3 prefix that its answers are captured below.
    """

    arn: str | None
    containers: list[Container] | None
    facts: Mapping[str, str]
    since: datetime | None = None
    config: str | None = None
    capture: str | None = None

    @property
    def _registered(self) -> VersionFacts:
        """Return the metadata of a version that a retrain registered; others may lack any of it."""
        return cast(VersionFacts, self.facts)

    @property
    def window_end(self) -> datetime | None:
        """Return the first time that the model was not trained on, or None if it is unknown."""
        try:
            return moment(self._registered["window_end"])
        except (KeyError, ValueError):
            return None

    @property
    def baseline(self) -> str | None:
        """Return the S3 prefix of statistics.json and constraints.json."""
        return self._registered.get("baseline")

    @property
    def preprocessing(self) -> str | None:
        """Return the S3 prefix of the preprocessing that its containers run."""
        return self._registered.get("preprocessing")

    @property
    def holdout_scores(self) -> str | None:
        """Return the S3 prefix of the model's predictions for its holdout."""
        return self._registered.get("holdout_scores")

    @property
    def calibration(self) -> str | None:
        """Return the S3 address of the calibration of the model's probabilities."""
        return self._registered.get("calibration")

    @property
    def holdout_labels(self) -> str | None:
        """Return the S3 prefix of that holdout's labels."""
        return self._registered.get("holdout_labels")


def champion_of(pipeline: Pipeline) -> Champion | None:
    """Return the model that *pipeline* has in production, by its serving kind."""
    if pipeline.component_name:
        return _hosted(pipeline.component_name)
    return find_champion(pipeline.endpoint)


def _hosted(component: str) -> Champion | None:
    """Return the model of an inference component; None for one that was never in service."""
    sagemaker = client("sagemaker")
    describe = sagemaker.describe_inference_component
    description = present(describe, InferenceComponentName=component) or {}
    name = description.get("Specification", {}).get("ModelName")
    if not name or description["InferenceComponentStatus"] == FAILED:
        return None
    model = present(sagemaker.describe_model, ModelName=name) or {}
    return replace(_champion(model), since=model.get("CreationTime"))


def _champion(model: Json) -> Champion:
    arn = version_of_model(model)
    return find_version(arn) if arn else Champion(None, _in_order(model), {})


def find_champion(endpoint: str) -> Champion | None:
    """Return the model that *endpoint* serves; None without an endpoint that was in service."""
    sagemaker = client("sagemaker")
    description = present(sagemaker.describe_endpoint, EndpointName=endpoint)
    if description is None or description["EndpointStatus"] == EndpointStatus.FAILED:
        return None
    name = description["EndpointConfigName"]
    config = present(sagemaker.describe_endpoint_config, EndpointConfigName=name) or {}
    model = _model(sagemaker, config)
    champion = _champion(model)
    capture = description.get("DataCaptureConfig", {}).get("DestinationS3Uri")
    return replace(champion, since=config.get("CreationTime"), config=name, capture=capture)


def find_version(arn: str) -> Champion:
    """Return what a version says of itself; nothing, if it was deleted."""
    package = present(client("sagemaker").describe_model_package, ModelPackageName=arn) or {}
    return Champion(
        arn, all_plain(of_version(package)), package.get("CustomerMetadataProperties", {})
    )


def deployed_event(deployed: Mapping[str, object]) -> Json:
    """Return the event of a deployed model's Asset; raise NothingNew if the champion is unchanged.

    *deployed* is the result of a deployment or of a contest's end.
    """
    if deployed.get("contest"):
        raise NothingNew(
            "It is in a test with the model in production. End it with promote_winner."
        )
    if not deployed.get("promoted", True):
        raise NothingNew("The model in production has won the test, and stays.")
    arn = deployed["model_package_arn"]
    facts = find_version(arn).facts if isinstance(arn, str) else {}
    return {
        **{name: deployed[key] for key, name in PLACES.items() if key in deployed},
        "model_package_arn": arn,
        "deployment": settings().deployment,
        **{name: value for name, value in facts.items() if ":" not in name},  # those are measures
    }


def _model(sagemaker: Any, config: Json) -> Json:
    """Return the description of the model in production; nothing if it was deleted."""
    names = [v["ModelName"] for v in config.get("ProductionVariants", []) if "ModelName" in v]
    return (present(sagemaker.describe_model, ModelName=names[0]) if names else None) or {}


def _in_order(model: Json) -> list[Container] | None:
    """Return a model's containers; None where a request names the one that answers it."""
    direct = model.get("InferenceExecutionConfig", {}).get("Mode") == "Direct"
    return None if direct else all_plain(of_model(model))
