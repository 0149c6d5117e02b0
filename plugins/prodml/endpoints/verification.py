"""Verify that an endpoint matches the request: variants, models, images, model data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.retries import with_retries
from prodml.endpoints.resources import describe_config
from prodml.endpoints.variants import KINDS, variants
from prodml.vocabulary import Json


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
    container = package["InferenceSpecification"]["Containers"][0]
    return [
        *_variants(endpoint, asked),
        *_mistaken(sagemaker, config, asked, model, package),
        *_images(endpoint, config, model, container),
    ]


def _mistaken(
    sagemaker: Any, config: Json, asked: Json, model: str, package: Json
) -> Iterator[str]:
    container = package["InferenceSpecification"]["Containers"][0]
    yield from _variants(config, asked)
    yield from _configured(config, asked)
    yield from _model_data(sagemaker, model, package["ModelPackageArn"], container)


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
        for key in ("ModelName", "InstanceType", "InitialInstanceCount"):
            if (other := configured.get(name, variant).get(key)) != variant.get(key):
                yield f"{key} of {name} is {other}, not {variant.get(key)}"


def _images(endpoint: Json, config: Json, model: str, container: Json) -> Iterator[str]:
    mine = {v["VariantName"] for v in variants(config) if v["ModelName"] == model}
    for variant in variants(endpoint):
        deployed = variant.get("DeployedImages", [])
        if variant["VariantName"] in mine and deployed and not _runs(deployed, container):
            images = sorted(str(each.get("SpecifiedImage")) for each in deployed)
            yield f"{variant['VariantName']} runs {images}, not {container['Image']}"


def _runs(deployed: list[Json], container: Json) -> bool:
    """Return whether the image of *container* is one of those *deployed*.

    SageMaker names an image of a model package by its tag or by its digest: a digest of the same
    repository counts, unless the package states another one.
    """
    image, stated = container["Image"], container.get("ImageDigest")
    for each in deployed:
        names = [each.get("SpecifiedImage") or "", each.get("ResolvedImage") or ""]
        digests = {name.partition("@")[2] for name in names if "@" in name}
        if image in names or (stated and stated in digests):
            return True
        by_digest = "@" in names[0] and _repository(names[0]) == _repository(image)
        if by_digest and not stated and "@" not in image:
            return True
    return False


def _repository(image: str) -> str:
    """Return the address of *image* without its tag or digest."""
    path, slash, name = image.partition("@")[0].rpartition("/")
    return path + slash + name.partition(":")[0]


def _model_data(sagemaker: Any, model: str, arn: str, container: Json) -> Iterator[str]:
    """Yield a difference in model data; a model of the package has the package's data."""
    has = with_retries(sagemaker.describe_model, ModelName=model).get("PrimaryContainer", {})
    if has.get("ModelPackageName") == arn:
        return
    if (data := has.get("ModelDataUrl")) != container.get("ModelDataUrl"):
        yield (
            f"model {model} has the data {data or has.get('ModelPackageName')}, "
            f"not {container.get('ModelDataUrl')} of {arn}"
        )
