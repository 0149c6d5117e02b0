"""Serverless endpoints by the operators, on the embedded AWS."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.endpoints.serverless import Serverless
from prodml.exceptions import DeploymentError, InvalidInputError, RequestRefusedError
from prodml.operators.autoscaling import AutoscalingOperator

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.conftest import register
from tests.plugins.rules import demanding
from tests.plugins.runs import Ti, deploying, run

WARM = Serverless(max_concurrency=4, provisioned_concurrency=1, most_provisioned=2)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"memory_mb": 1500}, "Use one of 1024, 2048"),
        ({"max_concurrency": 201}, "Use 1 to 200"),
        ({"provisioned_concurrency": 6}, "Use 1 to max_concurrency, 5"),
        ({"most_provisioned": 2}, "Set provisioned_concurrency too"),
        ({"target_utilization": 70}, "Use a share such as 0.7"),
    ],
)
def test_impossible_variant_is_refused(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        Serverless(**arguments)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"data_capture_uri": "s3://b/c"}, "data_capture_uri: a serverless variant has none"),
        ({"instance_count": 2, "volume_gb": 5}, "instance_count, volume_gb: a serverless"),
        ({"model_config": {"EnableNetworkIsolation": True}}, "EnableNetworkIsolation: a serv"),
        ({"rollout": "rolling"}, "rollout is rolling, which a serverless endpoint does not have"),
        ({"rollout": "shadow"}, "Use one of all-at-once, canary, linear"),
    ],
)
def test_argument_that_aws_refuses_is_refused_at_construction(
    arguments: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        deploying("endpoint", "arn", serverless=Serverless(), **arguments)


def test_company_that_demands_a_vpc_has_no_serverless_endpoint() -> None:
    variables = {"PRODML_SUBNETS": "subnet-0a1b2c3d", "PRODML_SECURITY_GROUPS": "sg-0a1b2c3d"}
    with demanding(variables), pytest.raises(InvalidInputError, match="demand PRODML_SUBNETS"):
        deploying("endpoint", "arn", serverless=Serverless())


def test_endpoint_is_deployed_scaled_and_updated(
    endpoint: str, platform: Platform, server: Server, ti: Ti
) -> None:
    package, newer = (register(platform.sagemaker, platform.container()) for _ in range(2))
    arguments: dict[str, Any] = {"serverless": WARM.as_json(), "smoke_payload": "59,1"}
    first = run(deploying(endpoint, package, **arguments), ti)
    assert (first["changed"], first["capture"], first["instances"]) == (True, None, 0)
    assert run(deploying(endpoint, package, **arguments), ti) == first | {"changed": False}
    scale = AutoscalingOperator(task_id="scale", endpoint=endpoint, serverless=WARM)
    scaled = run(scale, ti)
    assert (scaled["min"], scaled["max"]) == (1, 2)
    (target,) = server.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[scaled["resource_id"]]
    )["ScalableTargets"]
    assert target["ScalableDimension"] == "sagemaker:variant:DesiredProvisionedConcurrency"
    fault = {"resource": "endpoint", "event": "update-fails", "name": endpoint}
    with server.faults(fault), pytest.raises(DeploymentError, match="An injected fault"):
        run(deploying(endpoint, newer, **arguments), ti)
    assert run(deploying(endpoint, newer, rollout="canary", rollout_wait=0, **arguments), ti)[
        "changed"
    ]
    with pytest.raises(RequestRefusedError, match="served by a serverless variant"):
        run(deploying(endpoint, newer), ti)
    cold = AutoscalingOperator(task_id="scale", endpoint=endpoint, serverless=Serverless())
    assert run(cold, ti)["policies"] == {}
