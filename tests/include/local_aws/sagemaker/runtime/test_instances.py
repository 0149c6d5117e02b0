from __future__ import annotations

import asyncio

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.connections import Invocation
from include.local_aws.sagemaker.runtime.instances import Instance
from include.local_aws.wire.errors import AwsError

VARIANT = {"VariantName": "Blue", "Containers": [{"Image": "nowhere/nothing:1"}]}


def _instance(aws: Aws) -> Instance:
    return Instance(aws, "churn", VARIANT)


def test_least_busy_instance_has_the_least_load(aws: Aws) -> None:
    first, second = _instance(aws), _instance(aws)
    first.take()
    assert second.load < first.load
    second.take()
    assert first.load < second.load  # its turn was longest ago


def test_instance_that_is_not_up_refuses_a_request(aws: Aws) -> None:
    instance = _instance(aws)
    with pytest.raises(ConnectionRefusedError, match=f"Instance {instance.id} is not running"):
        asyncio.run(instance.post(Invocation([], b"1")))


def test_instance_that_cannot_start_leaves_nothing(aws: Aws) -> None:
    instance = _instance(aws)
    with pytest.raises(AwsError, match="nowhere/nothing:1"):
        asyncio.run(instance.start())
    assert instance.pids == {}
    assert not list(aws.options.data_dir.rglob(instance.id))


def test_pings_are_not_compressed_below_a_second(aws: Aws) -> None:
    aws.clock.scale = 1000
    assert _instance(aws)._between_pings == 1.0
