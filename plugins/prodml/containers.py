"""Read and write the containers of a model: one, or those of an inference pipeline, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from prodml.exceptions import InvalidInputError
from prodml.results import Container
from prodml.vocabulary import Json

MOST = 15  # containers of an inference pipeline
PACKAGE = "ModelPackageName"
# The members that a version of the registry and a model both have.
MEMBERS = ("ContainerHostname", "Image", "ModelDataUrl", "ModelDataSource", "Environment")


def checked(containers: Sequence[Container] | Sequence[Json]) -> list[Json]:
    """Return the *containers*; refuse none, and more than an inference pipeline takes."""
    if isinstance(containers, (str, bytes, dict)) or not 1 <= len(containers) <= MOST:
        raise InvalidInputError(
            f"Invalid containers: {containers!r}. Give a list of 1 to {MOST} containers."
        )
    return [dict(container) for container in containers]


def members(containers: Sequence[Container] | Sequence[Json]) -> Json:
    """Return the members of CreateModel: a primary container, or an inference pipeline's list."""
    several = checked(containers)
    return {"PrimaryContainer": several[0]} if len(several) == 1 else {"Containers": several}


def of_model(model: Json) -> list[Json]:
    """Return the container definitions of a described model, in the order of its answer."""
    primary = model.get("PrimaryContainer")
    return [primary] if primary else list(model.get("Containers") or [])


def of_version(package: Json) -> list[Json]:
    """Return the containers of a described version, in the order of its answer."""
    return list(package.get("InferenceSpecification", {}).get("Containers") or [])


def version_of_model(model: Json) -> str | None:
    """Return the model package version that a described model was created from, or None."""
    definitions = of_model(model)
    return definitions[0].get(PACKAGE) if len(definitions) == 1 else None


def plain(specified: Json) -> Container | None:
    """Return the members of a container that CreateModel takes; None without an image."""
    if "Image" not in specified:
        return None
    return cast(Container, {name: specified[name] for name in MEMBERS if name in specified})


def all_plain(specified: Sequence[Json]) -> list[Container] | None:
    """Return each container's members that CreateModel takes; None unless all have an image."""
    containers = [plain(each) for each in specified]
    known = [container for container in containers if container]
    return known if known and len(known) == len(containers) else None
