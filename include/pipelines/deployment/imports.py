"""Plan the copy of a version that another account's registry has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prodml.naming import slugify

from include.pipelines.contracts.deployment import ImportPlan
from include.pipelines.data.retention import ARTIFACTS
from include.pipelines.definition.catalog import find


def plan(params: Mapping[str, Any]) -> ImportPlan:
    """Return the group of the copy, and the S3 prefix of what it needs."""
    pipeline, source = find(params["pipeline"]), params["source"]
    if not source:
        raise ValueError(
            "No version was given. Set `source` to the ARN of an approved model package version."
        )
    place, _, version = source.partition(":sagemaker:")[2].partition(":model-package/")
    return {
        "group": pipeline.group,
        "output_uri": pipeline.uri(ARTIFACTS, "imported", slugify(f"{place}-{version}")),
    }
