"""The Specification of a component: its checks, and the containers that it describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...containers.images import image_for
from ...containers.model_data import check_model_data
from ...core.store import Doc
from ...wire.errors import validation
from ..endpoints import hosting
from ..endpoints.snapshots import deployed_image
from ..models.models import is_multi_model, serving_containers
from ..runtime.components import needs_of
from ..runtime.placement import NO_ROOM

if TYPE_CHECKING:
    from ...core.account import Aws

REQUIREMENTS = "ComputeResourceRequirements"
NOT_EMULATED = ("BaseInferenceComponentName", "InstanceType")


def check(specification: Doc, variant: Doc) -> None:
    """Refuse a specification that is not whole, or that no instance of *variant* can hold."""
    if refused := [member for member in NOT_EMULATED if member in specification]:
        raise validation(
            f"{refused[0]} of a Specification is not emulated by the embedded AWS. Remove it."
        )
    has_image = "Image" in specification.get("Container", {})
    if has_image == ("ModelName" in specification):
        raise validation("Specification needs either a ModelName or a Container with an Image.")
    if REQUIREMENTS not in specification:
        raise validation(f"Specification needs {REQUIREMENTS}.")
    _check_requirements(specification[REQUIREMENTS])
    if not needs_of(specification[REQUIREMENTS]).fits(hosting.capacity(variant)):
        raise validation(f"{NO_ROOM} Each {variant['InstanceType']} has too little.")


def _check_requirements(requirements: Doc) -> None:
    low, high = requirements["MinMemoryRequiredInMb"], requirements.get("MaxMemoryRequiredInMb")
    if high is not None and high < low:
        raise validation(
            f"MaxMemoryRequiredInMb {high} is below MinMemoryRequiredInMb {low}. Raise it."
        )


def containers_of(aws: Aws, specification: Doc, deployment: Doc) -> list[Doc]:
    """Return the containers of a specification, with the role and isolation of the endpoint."""
    role: Doc = {"ExecutionRoleArn": deployment["ExecutionRoleArn"]}
    if deployment.get("EnableNetworkIsolation"):
        role["EnableNetworkIsolation"] = True
    container = specification.get("Container", {})
    if "ModelName" not in specification:
        return [_own_container(container) | role]
    containers = serving_containers(aws, specification["ModelName"])
    if len(containers) > 1 or is_multi_model(containers[0]):
        raise validation(
            f"Model {specification['ModelName']} has several containers or Mode MultiModel, which "
            "is not emulated in an inference component. Use a model of one container."
        )
    environment = containers[0].get("Environment", {}) | container.get("Environment", {})
    return [containers[0] | role | {"Environment": environment}]


def _own_container(container: Doc) -> Doc:
    image_for(container["Image"])
    definition = {"Image": container["Image"], "Environment": container.get("Environment", {})}
    if "ArtifactUrl" in container:
        definition["ModelDataUrl"] = container["ArtifactUrl"]
    try:
        check_model_data(definition)
    except ValueError as error:
        raise validation(f"ArtifactUrl: {error}") from None
    return definition


def merged(present: Doc, changes: Doc) -> Doc:
    """Return the specification of an update: a model replaces a container, and the reverse."""
    kept = {key: value for key, value in present.items() if key not in ("ModelName", "Container")}
    if not changes.keys() & {"ModelName", "Container"}:
        kept = present
    return kept | changes


def summary(doc: Doc) -> Doc:
    """Return the Specification that DescribeInferenceComponent answers."""
    specification: Doc = dict(doc["Specification"])
    if container := specification.pop("Container", None):
        image = container.get("Image") or doc["Containers"][0]["Image"]
        deployed = {"DeployedImage": deployed_image(image, doc["CreationTime"])}
        specification["Container"] = container | deployed
    return specification
