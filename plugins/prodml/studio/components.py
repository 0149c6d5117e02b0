"""Describe the inference components of an endpoint, or those of some names."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import partial
from itertools import islice
from typing import Any

from prodml.aws.client import Clients
from prodml.aws.retries import pages, visible
from prodml.studio.together import together
from prodml.vocabulary import Json

PAGES = 3  # of a hundred components
MOST = 40  # components that are described for one page, a call each


def components_on(aws: Clients, endpoint: str) -> list[Json]:
    """Return the descriptions of the components on *endpoint*, by name."""
    page = _page(aws, EndpointNameEquals=endpoint, MaxResults=MOST)
    described = _described(aws, page["InferenceComponents"])
    return sorted(described, key=lambda component: component["InferenceComponentName"])


def components_named(
    aws: Clients, names: Container[str], endpoints: Iterable[Json]
) -> dict[str, Json]:
    """Return the descriptions of the account's components that have one of *names*.

    :param endpoints: The searched endpoints; without one that may hold components, nothing is read.
    """
    if not any(map(_may_host, endpoints)):
        return {}
    summaries = [
        one
        for page in islice(pages(partial(_page, aws), MaxResults=100), PAGES)
        for one in page["InferenceComponents"]
    ]
    wanted = [one for one in summaries if one["InferenceComponentName"] in names]
    return {one["InferenceComponentName"]: one for one in _described(aws, wanted[:MOST])}


def _may_host(endpoint: Json) -> bool:
    """Return whether a searched *endpoint* may hold components: a variant of it has no image."""
    variants = endpoint.get("ProductionVariants", [])
    return any("DeployedImages" not in variant for variant in variants)


def _page(aws: Clients, **request: Any) -> Json:
    """Return a page of components; an empty one if AWS denies to list them."""
    page = visible(aws.client("sagemaker").list_inference_components, **request)
    return page or {"InferenceComponents": []}


def _described(aws: Clients, summaries: list[Json]) -> list[Json]:
    """Return the descriptions of listed components, without those that are gone by now."""
    describe = aws.client("sagemaker").describe_inference_component
    names = [summary["InferenceComponentName"] for summary in summaries]
    described = together(lambda name: visible(describe, InferenceComponentName=name), names)
    return [description for description in described if description]


def model_of(component: Json) -> str:
    """Return the name of the model that a described *component* serves; empty without one."""
    return str(component.get("Specification", {}).get("ModelName", ""))
