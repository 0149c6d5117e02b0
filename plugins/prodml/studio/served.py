"""Find the versions that endpoints and inference components serve, for all in one call."""

from __future__ import annotations

from collections.abc import Mapping

from prodml.aws.client import Clients
from prodml.aws.tagged import SERVICE, tagged
from prodml.naming import REQUEST, version_of

CONFIGS, MODELS = "sagemaker:endpoint-config", "sagemaker:model"


def served_versions(aws: Clients, kind: str = CONFIGS) -> dict[str, int]:
    """Return the version that each resource of a *kind* was made for, by name in lower case.

    The operators tag each configuration of an endpoint and each model of a component with the
    version's ARN, so that describing all of them is not needed.
    """
    versions = {}
    for arn, tags in tagged(aws.client(SERVICE), kind, REQUEST).items():
        if (number := version_number(tags)) is not None:
            versions[arn.rpartition("/")[2]] = number
    return versions


def version_number(tags: Mapping[str, str]) -> int | None:
    """Return the version that the *tags* of a configuration name."""
    number = version_of(tags.get(REQUEST, "")).rpartition("/")[2]
    return int(number) if number.isdecimal() else None
