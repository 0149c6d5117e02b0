"""Read which inference components an endpoint holds, and which models belong to them."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import pages, present
from prodml.endpoints.cleanup import belongings
from prodml.vocabulary import MODEL, Json


def is_for_components(sagemaker: Any, endpoint: Json | None) -> bool:
    """Return whether a described *endpoint* holds inference components in place of models."""
    if endpoint is None:
        return False
    name = endpoint["EndpointConfigName"]
    config = present(sagemaker.describe_endpoint_config, EndpointConfigName=name) or {}
    return hosts_components(config)


def hosts_components(config: Json) -> bool:
    """Return whether an endpoint of a described *config* holds inference components."""
    return any("ModelName" not in variant for variant in config.get("ProductionVariants", []))


def components_on(aws: Aws, endpoint: str) -> list[str]:
    """Return the names of the components on *endpoint*."""
    listed = pages(
        aws.client("sagemaker").list_inference_components,
        EndpointNameEquals=endpoint,
        MaxResults=100,
    )
    return [
        entry["InferenceComponentName"] for page in listed for entry in page["InferenceComponents"]
    ]


def models_of(aws: Aws, component: str) -> list[str]:
    """Return the models that belong to *component*, of earlier versions too."""
    summaries = belongings(aws.client("sagemaker"), component, MODEL)
    return [str(summary["ModelName"]) for summary, _ in summaries]
