"""Models: an image and its artifact, or a model package that names them."""

from __future__ import annotations

from ...containers.images import image_for
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.s3_files import split_uri
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
# Members of a container that are not emulated, and what to use instead.
NOT_EMULATED = {
    "ModelDataSource": "Give ModelDataUrl the address of a model.tar.gz.",
    "AdditionalModelDataSources": "Put all files into one model.tar.gz, named by ModelDataUrl.",
    "AdditionalS3DataSource": "Put all files into one model.tar.gz, named by ModelDataUrl.",
    "InferenceSpecificationName": "Remove it: the package's InferenceSpecification is used.",
}
MODEL.register("Describe", "List", "Delete")


@operation("sagemaker", "CreateModel")
def create_model(aws: Aws, request: Doc) -> Doc:
    if ("PrimaryContainer" in request) == bool(request.get("Containers")):
        raise validation("Either PrimaryContainer or Containers must be given for a model.")
    for container in containers_of(aws, request):
        _check(container)
    return MODEL.create(aws, request)


def _check(container: Doc) -> None:
    """Refuse members that would be ignored, or would fail only at the endpoint."""
    image_for(container["Image"])
    for member, instead in NOT_EMULATED.items():
        if container.get(member):
            raise validation(
                f"{member} of a container is not emulated by the embedded AWS. {instead}"
            )
    if container.get("Mode") == "MultiModel":
        raise validation(
            "Mode MultiModel of a container is not emulated by the embedded AWS. Make a model of "
            "each archive, with Mode SingleModel."
        )
    if url := container.get("ModelDataUrl"):
        _check_url(url)


def _check_url(url: str) -> None:
    try:
        split_uri(url)
    except ValueError as error:
        raise validation(f"ModelDataUrl: {error}") from None


def only_container(aws: Aws, name: str) -> Doc:
    """Return the container of the model called *name*, with role and isolation; refuse several."""
    model = MODEL.get(aws, name)
    containers = containers_of(aws, model)
    if len(containers) != 1:
        raise validation(
            f"Model {name} has {len(containers)} containers; inference pipelines are not emulated. "
            "Use a model with one container."
        )
    passed_on: Doc = {"ExecutionRoleArn": model.get("ExecutionRoleArn", "")}
    if model.get("EnableNetworkIsolation"):
        passed_on["EnableNetworkIsolation"] = True  # its server may not download anything
    return containers[0] | passed_on


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
    return [primary] if primary else list(model.get("Containers", []))
