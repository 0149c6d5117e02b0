"""A contest changes variants; all other members of a configuration are kept."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from prodml.comparison.contest import alone, with_challenger
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.variants import KINDS

from tests.include.local_aws.models import variant

FOUND: dict[str, Any] = {"ProductionVariants": []}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """A configuration with everything that AWS can say of one."""
    service = botocore.session.get_session().get_service_model("sagemaker")
    members = service.operation_model("DescribeEndpointConfig").output_shape.members
    full: dict[str, Any] = {name: f"its {name}" for name in members if name not in KINDS}
    full["DataCaptureConfig"] = {"DestinationS3Uri": f"s3://captured/{full['EndpointConfigName']}"}
    return full | {"ProductionVariants": [variant("incumbent")], "ResponseMetadata": {}}


@pytest.fixture(scope="module")
def taken_over() -> set[str]:
    """Return the members of CreateEndpointConfig besides variants, name and tags."""
    service = botocore.session.get_session().get_service_model("sagemaker")
    members = service.operation_model("CreateEndpointConfig").input_shape.members
    return set(members) - {*KINDS, "EndpointConfigName", "Tags"}


@pytest.mark.parametrize("challenger", ["incumbent", "challenger"])
@pytest.mark.parametrize("strategy", [Strategy.AB, Strategy.SHADOW])
def test_a_contest_changes_nothing_but_variants(
    strategy: Strategy, challenger: str, described: dict[str, Any], taken_over: set[str]
) -> None:
    asked = with_challenger(Rollout(strategy, 50), described, FOUND, variant(challenger))
    assert asked.keys() - set(KINDS) == taken_over
    assert asked["VpcConfig"] == "its VpcConfig"
    assert asked["DataCaptureConfig"] == {"DestinationS3Uri": "s3://captured"}  # not its folder


def test_nor_does_its_end(described: dict[str, Any], taken_over: set[str]) -> None:
    asked = alone(described, FOUND, variant("challenger"))
    assert asked.keys() - set(KINDS) == taken_over
