"""What endpoints are on, or on their way to: deleting it would take a model from its callers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prodml.aws.retries import pages, present
from prodml.endpoints.variants import variants
from prodml.vocabulary import Json


def configs(sagemaker: Any, but: str | None = None) -> Iterator[str]:
    """The configurations of every endpoint *but* one; an endpoint that goes meanwhile has none."""
    for page in pages(sagemaker.list_endpoints, MaxResults=100):
        for summary in page["Endpoints"]:
            if (name := summary["EndpointName"]) != but:
                found = present(sagemaker.describe_endpoint, EndpointName=name)
                yield from configs_of(found or {})


def configs_of(endpoint: Json) -> list[str]:
    """The configuration that a described *endpoint* is on, and the one an update is bringing."""
    deployments = (endpoint, endpoint.get("PendingDeploymentSummary", {}))
    return [d["EndpointConfigName"] for d in deployments if "EndpointConfigName" in d]


def models(sagemaker: Any, names: Iterable[str]) -> set[str]:
    """The models of the configurations *names*.

    A configuration that somebody has deleted has none, nor has a variant for inference components.
    """
    describe = sagemaker.describe_endpoint_config
    found = [present(describe, EndpointConfigName=name) or {} for name in names]
    return {v["ModelName"] for config in found for v in variants(config) if "ModelName" in v}
