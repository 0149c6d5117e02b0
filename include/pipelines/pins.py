"""A pinned version stays in production until it is released; the pin is a tag of its group."""

from __future__ import annotations

from include.pipelines.clients import client
from include.pipelines.pipeline import Pipeline

TAG = "prodml:pinned-version"


def pin(pipeline: Pipeline, version: int) -> None:
    """Retrains go on, but none of them deploys."""
    client("sagemaker").add_tags(
        ResourceArn=_group(pipeline), Tags=[{"Key": TAG, "Value": str(version)}]
    )


def release(pipeline: Pipeline) -> int | None:
    """The next approved model is deployed again; returns the version that was pinned."""
    version = pinned(pipeline)
    client("sagemaker").delete_tags(ResourceArn=_group(pipeline), TagKeys=[TAG])
    return version


def pinned(pipeline: Pipeline) -> int | None:
    """The version that stays, or None."""
    pages = client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=_group(pipeline))
    tags = {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}
    return int(tags[TAG]) if TAG in tags else None


def _group(pipeline: Pipeline) -> str:
    found = client("sagemaker").describe_model_package_group(
        ModelPackageGroupName=pipeline.endpoint
    )
    return str(found["ModelPackageGroupArn"])
