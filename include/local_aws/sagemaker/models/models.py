"""Models: an image and its artifact, or a model package that names them."""

from __future__ import annotations

from ...containers.images import image_for
from ...containers.model_data import check_model_data
from ...containers.model_servers import container_names
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import validation
from .model_packages import package_containers

MODEL = Resource(
    noun="Model",
    kind="model",
    summaries="Models",
    taken=lambda name, arn: validation(f'Cannot create already existing model "{arn}".'),
    unknown=lambda name, arn: validation(f'Could not find model "{arn}".'),
)
MOST_CONTAINERS = 15  # of an inference pipeline
MODEL.register("Describe", "List", "Delete")


@operation("sagemaker", "CreateModel")
def create_model(aws: Aws, request: Doc) -> Doc:
    if ("PrimaryContainer" in request) == bool(request.get("Containers")):
        raise validation("Either PrimaryContainer or Containers must be given for a model.")
    containers = containers_of(aws, request)
    for container in containers:
        _check(container)
    _check_names(containers, is_direct(request))
    _check_multi_model(containers)
    return MODEL.create(aws, request)


def is_direct(model: Doc) -> bool:
    """Return whether a request names the one container that answers it, instead of all in order."""
    return bool(model.get("InferenceExecutionConfig", {}).get("Mode") == "Direct")


def is_multi_model(container: Doc) -> bool:
    return bool(container.get("Mode") == "MultiModel")


def refuse_data_source(name: str, containers: list[Doc], where: str) -> None:
    """Raise for a model called *name* with a ModelDataSource, which AWS does not support *where*.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    if any(container.get("ModelDataSource") for container in containers):
        raise validation(
            f"Model {name} has a ModelDataSource, which is not supported with {where}. Use "
            "ModelDataUrl."
        )


def _check_multi_model(containers: list[Doc]) -> None:
    """Refuse a multi-model container without a prefix, or together with others."""
    several = [container for container in containers if is_multi_model(container)]
    if len(several) > 1:
        raise validation(
            "More than one container in MultiModel mode is not supported with inference pipeline."
        )
    if several and len(containers) > 1:
        raise validation(
            "A container with Mode MultiModel in an inference pipeline is not emulated by the "
            "embedded AWS. Make it the model's only container."
        )
    if several and not several[0].get("ModelDataUrl"):
        raise validation("Mode MultiModel needs ModelDataUrl, the prefix of the models' archives.")


def _check_names(containers: list[Doc], direct: bool) -> None:
    """Refuse too many containers, and names that are not unique."""
    if len(containers) > MOST_CONTAINERS:
        raise validation(
            f"The model has {len(containers)} containers, more than {MOST_CONTAINERS}."
        )
    names = container_names(containers)
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise validation(f"ContainerHostname must be unique in a model. Repeated: {repeated[0]}.")
    named = [container for container in containers if container.get("ContainerHostname")]
    if direct and len(named) < len(containers):
        raise validation(
            "InferenceExecutionConfig Direct: every container needs a ContainerHostname."
        )
    if 0 < len(named) < len(containers):
        raise validation(
            "If one container of an inference pipeline has a ContainerHostname, every container "
            "needs one."
        )


def _check(container: Doc) -> None:
    """Refuse members that would be ignored, or would fail only at the endpoint."""
    image_for(container["Image"])
    if container.get("InferenceSpecificationName"):
        raise validation(
            "InferenceSpecificationName of a container is not emulated by the embedded AWS. Remove "
            "it: the package's InferenceSpecification is used."
        )
    try:
        check_model_data(container)
    except ValueError as error:
        raise validation(f"ModelDataUrl or ModelDataSource: {error}") from None


def serving_containers(aws: Aws, name: str) -> list[Doc]:
    """Return the containers of the model called *name*, with its role and isolation."""
    model = MODEL.get(aws, name)
    passed_on: Doc = {"ExecutionRoleArn": model.get("ExecutionRoleArn", "")}
    if model.get("EnableNetworkIsolation"):
        passed_on["EnableNetworkIsolation"] = True  # its server may not download anything
    return [container | passed_on for container in containers_of(aws, model)]


def containers_of(aws: Aws, model: Doc) -> list[Doc]:
    """Return the containers of *model*, with a model package replaced by its containers."""
    containers: list[Doc] = []
    for definition in _definitions(model):
        if package := definition.get("ModelPackageName"):
            environment = definition.get("Environment", {})
            for container in package_containers(aws, package):
                merged = container.get("Environment", {}) | environment
                containers.append(definition | container | {"Environment": merged})
        elif definition.get("Image"):
            containers.append(definition)
        else:
            raise validation("A container definition needs an Image or a ModelPackageName.")
    return containers


def _definitions(model: Doc) -> list[Doc]:
    primary = model.get("PrimaryContainer")
    return [primary] if primary is not None else list(model.get("Containers", []))
