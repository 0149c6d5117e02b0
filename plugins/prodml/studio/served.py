"""Find the version that an endpoint serves, for all endpoints in one call."""

from __future__ import annotations

from collections.abc import Mapping

from prodml.aws.client import Clients
from prodml.aws.tagged import SERVICE, tagged
from prodml.naming import REQUEST, version_of

CONFIGS = "sagemaker:endpoint-config"


def served_versions(aws: Clients) -> dict[str, int]:
    """Return by endpoint configuration the version that it was made for.

    DeployEndpointOperator tags each configuration with the version's ARN, so that describing every
    configuration and model is not needed.
    """
    versions = {}
    for arn, tags in tagged(aws.client(SERVICE), CONFIGS, REQUEST).items():
        if (number := version_number(tags)) is not None:
            versions[arn.rpartition("/")[2]] = number
    return versions


def version_number(tags: Mapping[str, str]) -> int | None:
    """Return the version that the *tags* of a configuration name."""
    number = version_of(tags.get(REQUEST, "")).rpartition("/")[2]
    return int(number) if number.isdecimal() else None
