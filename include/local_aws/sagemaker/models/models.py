"""Models: an image and its artifact, or a model package that names them."""

from __future__ import annotations

from ...containers.images import image_for
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
MODEL.register("Describe", "List", "Delete")


@operation("sagemaker", "CreateModel")
def create_model(aws: Aws, request: Doc) -> Doc:
    if not _definitions(request):
        raise validation("Either PrimaryContainer or Containers must be given for a model.")
    for container in containers_of(aws, request):
        image_for(container["Image"])
    return MODEL.create(aws, request)


def containers_of(aws: Aws, model: Doc) -> list[Doc]:
    """The containers of *model*, with a model package replaced by what it stands for."""
    found: list[Doc] = []
    for definition in _definitions(model):
        if package := definition.get("ModelPackageName"):
            environment = definition.get("Environment", {})
            for container in package_containers(aws, package):
                merged = container.get("Environment", {}) | environment
                found.append(container | {"Environment": merged})
        elif definition.get("Image"):
            found.append(definition)
        else:
            raise validation("A container definition needs an Image or a ModelPackageName.")
    return found


def _definitions(model: Doc) -> list[Doc]:
    primary = model.get("PrimaryContainer")
    return [primary] if primary else list(model.get("Containers", []))
