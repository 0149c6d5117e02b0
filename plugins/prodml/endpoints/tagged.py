"""List the endpoints that carry a tag, each with its tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.retries import pages
from prodml.aws.tagged import tagged
from prodml.vocabulary import Json

TYPE = "sagemaker:endpoint"


def tagged_endpoints(
    sagemaker: Any, tagging: Any, key: str, value: str | None = None
) -> Iterator[tuple[Json, dict[str, str]]]:
    """Yield the summary and the tags of each endpoint with the tag *key*."""
    tags = tagged(tagging, TYPE, key, value)
    for page in pages(sagemaker.list_endpoints, MaxResults=100) if tags else ():
        for endpoint in page["Endpoints"]:
            if (arn := endpoint["EndpointArn"].lower()) in tags:
                yield endpoint, tags[arn]
