from __future__ import annotations

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.deployments import (
    Deployment,
)
from include.local_aws.sagemaker.runtime.traffic import Traffic


def _deployment(aws: Aws, config: str) -> Deployment:
    variant = {"VariantName": "Blue", "DesiredWeight": 1.0, "DesiredInstanceCount": 1}
    return Deployment(aws, "churn", {"EndpointConfigName": config, "Variants": [variant]})


@pytest.mark.parametrize(("share", "configs"), [(0.0, {"old"}), (1.0, {"new"})])
def test_successor_gets_its_share(aws: Aws, share: float, configs: set[str]) -> None:
    old, new = _deployment(aws, "old"), _deployment(aws, "new")
    traffic = Traffic(old)
    traffic.split(old, new, {"Blue": share})
    assert {traffic.next().deployment.config for _ in range(50)} == configs
    assert traffic.deployments() == [old, new]


def test_target_is_chosen_by_name_and_an_unknown_one_is_no_target(aws: Aws) -> None:
    traffic = Traffic(_deployment(aws, "old"))
    chosen = traffic.choose("Blue")
    assert chosen is not None
    assert chosen.name == "Blue"
    assert traffic.choose("Green") is None
    assert traffic.choose(None) is chosen


def test_settled_traffic_has_one_deployment(aws: Aws) -> None:
    old, new = _deployment(aws, "old"), _deployment(aws, "new")
    traffic = Traffic(old)
    traffic.split(old, new, {"Blue": 0.5})
    traffic.settle(new)
    assert traffic.deployments() == [new]
    assert traffic.next().deployment is new
