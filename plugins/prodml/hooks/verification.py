"""Whether what serves is what was asked for: variants, models, images, model data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.hooks.calls import patiently
from prodml.hooks.endpoints import KINDS, variants
from prodml.hooks.serving import describe_config
from prodml.vocabulary import Json


def differences(sagemaker: Any, found: Json, asked: Json, model: str, package: Json) -> list[str]:
    """What the endpoint *found* has otherwise than the configuration *asked* for, as sentences.

    *model* serves the model *package*, both as they are described by SageMaker. The configuration
    and the model are read again: a name proves nothing about what somebody else gave it.
    """
    config = describe_config(sagemaker, found["EndpointConfigName"])
    container = package["InferenceSpecification"]["Containers"][0]
    return [
        *_variants(found, config, asked),
        *_images(found, config, model, container["Image"]),
        *_model_data(sagemaker, model, package["ModelPackageArn"], container),
    ]


def _variants(found: Json, config: Json, asked: Json) -> Iterator[str]:
    for kind in KINDS:
        wanted = {v["VariantName"]: v for v in asked.get(kind, [])}
        configured = {v["VariantName"]: v for v in config.get(kind, [])}
        running = {v["VariantName"]: v for v in found.get(kind, [])}
        if not wanted.keys() == configured.keys() == running.keys():
            yield f"{kind} are {sorted(running)}, not {sorted(wanted)}"
            continue
        for name, variant in wanted.items():
            for key in ("ModelName", "InstanceType"):
                if (other := configured[name].get(key)) != variant.get(key):
                    yield f"{key} of {name} is {other}, not {variant.get(key)}"


def _images(found: Json, config: Json, model: str, image: str) -> Iterator[str]:
    mine = {v["VariantName"] for v in variants(config) if v["ModelName"] == model}
    for variant in variants(found):
        images = {i.get("SpecifiedImage") for i in variant.get("DeployedImages", [])}
        if variant["VariantName"] in mine and images and image not in images:
            yield f"{variant['VariantName']} runs {sorted(map(str, images))}, not {image}"


def _model_data(sagemaker: Any, model: str, arn: str, container: Json) -> Iterator[str]:
    """A model of a package has the package's data; any other one must name the same."""
    has = patiently(sagemaker.describe_model, ModelName=model).get("PrimaryContainer", {})
    if has.get("ModelPackageName") == arn:
        return
    if (data := has.get("ModelDataUrl")) != container.get("ModelDataUrl"):
        yield (
            f"model {model} has the data {data or has.get('ModelPackageName')}, "
            f"not {container.get('ModelDataUrl')} of {arn}"
        )
