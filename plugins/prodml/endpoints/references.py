"""Find the configurations and models that endpoints use, and that must not be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prodml.aws.retries import pages, visible
from prodml.endpoints.variants import variants
from prodml.vocabulary import Json


def configs(sagemaker: Any, but: str | None = None) -> Iterator[str]:
    """Yield the configurations of every endpoint *but* one."""
    for page in pages(sagemaker.list_endpoints, MaxResults=100):
        for summary in page["Endpoints"]:
            if (name := summary["EndpointName"]) != but:
                description = visible(sagemaker.describe_endpoint, EndpointName=name)
                yield from configs_of(description or {})


def configs_of(endpoint: Json) -> list[str]:
    """Return the present configuration of a described *endpoint*, and the pending one."""
    deployments = (endpoint, endpoint.get("PendingDeploymentSummary", {}))
    return [d["EndpointConfigName"] for d in deployments if "EndpointConfigName" in d]


def models(sagemaker: Any, names: Iterable[str]) -> set[str]:
    """Return the models of the configurations *names*.

    A deleted configuration has none, nor one that AWS denies to show, nor a variant for inference
    components.
    """
    describe = sagemaker.describe_endpoint_config
    descriptions = [visible(describe, EndpointConfigName=name) or {} for name in names]
    return {v["ModelName"] for config in descriptions for v in variants(config) if "ModelName" in v}
