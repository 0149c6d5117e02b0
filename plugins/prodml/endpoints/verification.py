"""Verify that an endpoint matches the request: variants, models, images, model data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from prodml.aws.retries import with_retries
from prodml.containers import of_model, of_version, version_of_model
from prodml.endpoints.resources import describe_config
from prodml.endpoints.variants import KINDS, variants
from prodml.vocabulary import Json

DATA = {"data": "ModelDataUrl", "data source": "ModelDataSource"}
CONFIGURED = (
    *("ModelName", "InstanceType", "InitialInstanceCount", "VolumeSizeInGB"),
    "ServerlessConfig",
)


def mistaken(sagemaker: Any, config: str, asked: Json, model: str, package: Json) -> list[str]:
    """Return how *config* differs from what was *asked*, as phrases, before an endpoint uses it.

    *model* serves the described model *package*. Both are read again, since another user may have
    created a resource of that name.
    """
    return list(_mistaken(sagemaker, describe_config(sagemaker, config), asked, model, package))


def differences(
    sagemaker: Any, endpoint: Json, asked: Json, model: str, package: Json
) -> list[str]:
    """Return how the described *endpoint* differs from what was *asked*, as phrases."""
    config = describe_config(sagemaker, endpoint["EndpointConfigName"])
    return [
        *_variants(endpoint, asked),
        *_mistaken(sagemaker, config, asked, model, package),
        *_images(endpoint, config, model, of_version(package)),
    ]


def _mistaken(
    sagemaker: Any, config: Json, asked: Json, model: str, package: Json
) -> Iterator[str]:
    yield from _variants(config, asked)
    yield from _configured(config, asked)
    yield from _containers(with_retries(sagemaker.describe_model, ModelName=model), package)


def _variants(described: Json, asked: Json) -> Iterator[str]:
    for kind in KINDS:
        names, wanted = (
            sorted(v["VariantName"] for v in d.get(kind, [])) for d in (described, asked)
        )
        if names != wanted:
            yield f"{kind} are {names}, not {wanted}"


def _configured(config: Json, asked: Json) -> Iterator[str]:
    configured = {v["VariantName"]: v for v in variants(config)}
    for variant in variants(asked):
        name = variant["VariantName"]
        for key in CONFIGURED:
            if (other := configured.get(name, variant).get(key)) != variant.get(key):
                yield f"{key} of {name} is {other}, not {variant.get(key)}"


def _images(endpoint: Json, config: Json, model: str, containers: Sequence[Json]) -> Iterator[str]:
    """Yield a difference in images: each container's runs, and no other."""
    mine = {v["VariantName"] for v in variants(config) if v.get("ModelName") == model}
    for variant in variants(endpoint):
        deployed = variant.get("DeployedImages", [])
        if variant["VariantName"] not in mine or not deployed:
            continue
        missing = [c for c in containers if not any(_runs(each, c) for each in deployed)]
        foreign = [each for each in deployed if not any(_runs(each, c) for c in containers)]
        if missing or foreign:
            images = sorted(str(each.get("SpecifiedImage")) for each in deployed)
            wanted = ", ".join(dict.fromkeys(container["Image"] for container in containers))
            yield f"{variant['VariantName']} runs {images}, not {wanted}"


def _runs(deployed: Json, container: Json) -> bool:
    """Return whether the image of *container* is the one *deployed*.

    SageMaker names an image of a model package by its tag or by its digest: a digest of the same
    repository counts, unless the package states another one.
    """
    image, stated = container["Image"], container.get("ImageDigest")
    names = [deployed.get("SpecifiedImage") or "", deployed.get("ResolvedImage") or ""]
    digests = {name.partition("@")[2] for name in names if "@" in name}
    if image in names or (stated and stated in digests):
        return True
    by_digest = "@" in names[0] and _repository(names[0]) == _repository(image)
    return by_digest and not stated and "@" not in image


def _repository(image: str) -> str:
    """Return the address of *image* without its tag or digest."""
    path, slash, name = image.partition("@")[0].rpartition("/")
    return path + slash + name.partition(":")[0]


def _containers(model: Json, package: Json) -> Iterator[str]:
    """Yield the differences of a model from its version; a model made from it has none."""
    arn, name = package["ModelPackageArn"], model["ModelName"]
    made_from = version_of_model(model)
    if made_from == arn:
        return
    if made_from:
        yield f"model {name} is of {made_from}, not of {arn}"
        return
    has, wanted = of_model(model), of_version(package)
    if len(has) != len(wanted):
        yield f"the containers of model {name} are {len(has)}, not the {len(wanted)} of {arn}"
        return
    for number, (mine, theirs) in enumerate(zip(has, wanted, strict=True), start=1):
        place = f"container {number} of " if len(wanted) > 1 else ""
        for difference in _unlike(mine, theirs):
            yield f"{place}model {name} has the {difference} of {arn}"


def _unlike(container: Json, wanted: Json) -> Iterator[str]:
    """Yield what a container has instead of what is *wanted*, without the values of variables."""
    if not _runs({"SpecifiedImage": container.get("Image")}, wanted):
        yield f"image {container.get('Image')}, not {wanted['Image']}"
    for what, member in DATA.items():
        if (has := container.get(member)) != wanted.get(member):
            yield f"{what} {has}, not {wanted.get(member)}"
    variables, own = wanted.get("Environment", {}), container.get("Environment", {})
    if other := sorted(name for name, value in variables.items() if own.get(name) != value):
        yield f"variables {', '.join(other)} with other values, not those"
