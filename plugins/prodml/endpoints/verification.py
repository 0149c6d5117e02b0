"""Whether what serves is what was asked for: variants, models, images, model data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.retries import with_retries
from prodml.endpoints.resources import describe_config
from prodml.endpoints.variants import KINDS, variants
from prodml.vocabulary import Json


def mistaken(sagemaker: Any, config: str, asked: Json, model: str, package: Json) -> list[str]:
    """What is otherwise than *asked* for before an endpoint is on *config*, as sentences.

    *model* serves the model *package*, as it is described. Both are read again: a name proves
    nothing about what somebody else gave it.
    """
    return list(_mistaken(sagemaker, describe_config(sagemaker, config), asked, model, package))


def differences(sagemaker: Any, found: Json, asked: Json, model: str, package: Json) -> list[str]:
    """What the described endpoint *found* has otherwise than *asked* for, as sentences."""
    config = describe_config(sagemaker, found["EndpointConfigName"])
    image = package["InferenceSpecification"]["Containers"][0]["Image"]
    return [
        *_variants(found, asked),
        *_mistaken(sagemaker, config, asked, model, package),
        *_images(found, config, model, image),
    ]


def _mistaken(
    sagemaker: Any, config: Json, asked: Json, model: str, package: Json
) -> Iterator[str]:
    container = package["InferenceSpecification"]["Containers"][0]
    yield from _variants(config, asked)
    yield from _configured(config, asked)
    yield from _model_data(sagemaker, model, package["ModelPackageArn"], container)


def _variants(found: Json, asked: Json) -> Iterator[str]:
    for kind in KINDS:
        names, wanted = (sorted(v["VariantName"] for v in d.get(kind, [])) for d in (found, asked))
        if names != wanted:
            yield f"{kind} are {names}, not {wanted}"


def _configured(config: Json, asked: Json) -> Iterator[str]:
    configured = {v["VariantName"]: v for v in variants(config)}
    for variant in variants(asked):
        name = variant["VariantName"]
        for key in ("ModelName", "InstanceType", "InitialInstanceCount"):
            if (other := configured.get(name, variant).get(key)) != variant.get(key):
                yield f"{key} of {name} is {other}, not {variant.get(key)}"


def _images(found: Json, config: Json, model: str, image: str) -> Iterator[str]:
    mine = {v["VariantName"] for v in variants(config) if v["ModelName"] == model}
    for variant in variants(found):
        images = {i.get("SpecifiedImage") for i in variant.get("DeployedImages", [])}
        if variant["VariantName"] in mine and images and image not in images:
            yield f"{variant['VariantName']} runs {sorted(map(str, images))}, not {image}"


def _model_data(sagemaker: Any, model: str, arn: str, container: Json) -> Iterator[str]:
    """A model of a package has the package's data; any other one must name the same."""
    has = with_retries(sagemaker.describe_model, ModelName=model).get("PrimaryContainer", {})
    if has.get("ModelPackageName") == arn:
        return
    if (data := has.get("ModelDataUrl")) != container.get("ModelDataUrl"):
        yield (
            f"model {model} has the data {data or has.get('ModelPackageName')}, "
            f"not {container.get('ModelDataUrl')} of {arn}"
        )
