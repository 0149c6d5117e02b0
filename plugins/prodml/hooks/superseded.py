"""Configurations and models that an endpoint has left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.hooks.calls import delete, patiently
from prodml.hooks.endpoints import variants
from prodml.hooks.serving import describe_config
from prodml.naming import stem

OWNER = "prodml:endpoint"  # the tag by which what belongs to an endpoint is found


def clean_up(sagemaker: Any, endpoint: str, keep: int) -> list[str]:
    """Delete all but the newest *keep* configurations that *endpoint* does not serve.

    Their models go with them, unless a configuration that stays, of any endpoint, has them. Returns
    the names of the deleted configurations.
    """
    served = set(_served(sagemaker))
    idle = [name for name in _owned(sagemaker, endpoint) if name not in served]
    old = idle[keep:]
    models = {model for name in old for model in _models(sagemaker, name)}
    for name in old:
        delete(sagemaker.delete_endpoint_config, EndpointConfigName=name)
    needed = {model for name in {*served, *idle[:keep]} for model in _models(sagemaker, name)}
    for model in models - needed:
        if model.startswith(stem(endpoint)):
            delete(sagemaker.delete_model, ModelName=model)
    return old


def _served(sagemaker: Any) -> Iterator[str]:
    """The configurations that any endpoint is on."""
    for page in sagemaker.get_paginator("list_endpoints").paginate():
        for summary in page["Endpoints"]:
            found = patiently(sagemaker.describe_endpoint, EndpointName=summary["EndpointName"])
            yield found["EndpointConfigName"]


def _owned(sagemaker: Any, endpoint: str) -> Iterator[str]:
    """The endpoint's configurations, the newest first."""
    paginator = sagemaker.get_paginator("list_endpoint_configs")
    order = {"SortBy": "CreationTime", "SortOrder": "Descending"}
    for page in paginator.paginate(NameContains=stem(endpoint), **order):
        for summary in page["EndpointConfigs"]:
            tags = patiently(sagemaker.list_tags, ResourceArn=summary["EndpointConfigArn"])["Tags"]
            if {"Key": OWNER, "Value": endpoint} in tags:
                yield str(summary["EndpointConfigName"])


def _models(sagemaker: Any, config: str) -> list[str]:
    found = describe_config(sagemaker, config)
    return [str(variant["ModelName"]) for variant in variants(found)]
