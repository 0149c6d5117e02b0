"""Endpoints of this deployment, with what they cost an hour."""

from __future__ import annotations

import pytest
from prodml.aws.client import Aws
from prodml.jobs.billing import Rates
from prodml.studio.costs.endpoints import serving
from prodml.studio.jobs.job import Place
from prodml.studio.reader import Reader

from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account
from tests.plugins.prodml.studio.jobs.searched import OWNER

PLACE = Place(OWNER.deployment, "s3://acme-models")


@pytest.fixture(scope="module")
def served(platform: Platform) -> str:
    """An endpoint that a task of the deployment created."""
    name = platform.unique("costly")
    (package,) = account.register(platform, name, {0.9: "Approved"})
    account.serve(platform, name, package)
    arn = platform.sagemaker.describe_endpoint(EndpointName=name)["EndpointArn"]
    platform.sagemaker.add_tags(ResourceArn=arn, Tags=OWNER.tags(1, "digest"))
    return name


def test_an_endpoint_costs_its_instances_by_the_hour(served: str) -> None:
    reader = Reader(Aws())
    (endpoint,) = serving(reader, PLACE, Rates({"ml.m5.large": 0.115}))
    assert (endpoint.name, endpoint.pipeline) == (served, served)
    assert (endpoint.owner.dag, endpoint.instances) == ("retrain_churn", 1)
    assert (endpoint.hourly, endpoint.instance_types) == (0.115, ["ml.m5.large"])
    (unpriced,) = serving(reader, PLACE, Rates({}))
    assert unpriced.hourly is None
    assert serving(reader, Place("another", "s3://x"), Rates({})) == []
    assert reader.calls == {"sagemaker:search": 1, "sagemaker:describe_endpoint_config": 1}
