from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from include.local_aws.containers.model_data import ModelDataFailed
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.connections import Invocation
from include.local_aws.sagemaker.runtime.containers import Containers
from include.local_aws.sagemaker.runtime.deployments import (
    Deployment,
    UnhealthyVariantError,
    wanted,
)
from include.local_aws.sagemaker.runtime.instances import Host
from tests.include.local_aws.models import Platform


def test_requests_go_to_the_instance_that_is_free(platform: Platform, endpoint: str) -> None:
    busy = threading.Thread(target=platform.invoke, args=(endpoint, "sleep 1.5"), daemon=True)
    busy.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert len({platform.invoke(endpoint, "who") for _ in range(6)}) == 1
    assert time.monotonic() - began < 1
    busy.join()


def test_traffic_is_spread_over_instances(platform: Platform, endpoint: str) -> None:
    assert len({platform.invoke(endpoint, "who") for _ in range(6)}) == 2


def _deployment(aws: Aws, *variants: dict[str, Any], shadows: Any = ()) -> Deployment:
    doc = {"EndpointConfigName": "c", "Variants": list(variants), "ShadowVariants": list(shadows)}
    return Deployment(aws, "churn", doc)


def _variant(name: str, weight: float = 1.0, count: int = 1) -> dict[str, Any]:
    plain = {"VariantName": name, "DesiredWeight": weight, "DesiredInstanceCount": count}
    return plain | {"Containers": [{"Image": "image"}]}


def test_variant_of_no_weight_gets_no_request(aws: Aws) -> None:
    deployment = _deployment(aws, _variant("Blue"), _variant("Green", weight=0.0))
    assert {deployment.next().name for _ in range(50)} == {"Blue"}


def test_variants_without_any_weight_share_alike(aws: Aws) -> None:
    deployment = _deployment(aws, _variant("Blue", 0.0), _variant("Green", 0.0))
    assert {deployment.next().name for _ in range(200)} == {"Blue", "Green"}


def test_shadow_is_mirrored_and_never_chosen(aws: Aws) -> None:
    deployment = _deployment(aws, _variant("Blue"), shadows=[_variant("Copy", weight=1.0)])
    blue = deployment.next()
    assert blue.name == "Blue"
    assert [shadow.name for shadow in deployment.mirrors(blue)] == ["Copy"]
    assert wanted(deployment.all) == {"Blue": 1, "Copy": 1}


def test_variant_without_an_instance_answers_nothing(aws: Aws) -> None:
    variant = _deployment(aws, _variant("Blue")).next()
    assert variant.take() is None
    assert asyncio.run(variant.ask(Invocation([], b"1"))) is None


def test_instance_that_ends_during_a_request_leaves_it_to_another(aws: Aws) -> None:
    variant = _deployment(aws, _variant("Blue")).next()
    instance = Host(aws, "churn", variant.spec)

    async def check() -> None:
        await instance.start()
        variant.instances.append(instance)
        assert variant.take() is instance
        await instance.stop()  # between the choice of the instance and its call
        instance.containers = Containers({"primary": "http://127.0.0.1:9"})
        assert await variant.ask(Invocation([], b"1")) is None

    asyncio.run(check())
    assert instance.outstanding == 1


def test_unhealthy_variant_names_its_log() -> None:
    error = UnhealthyVariantError("Blue", RuntimeError("no module"))
    assert "variant Blue did not pass the ping health check" in str(error)
    assert str(error).endswith("no module")


def test_variant_without_model_data_names_the_object_and_no_log() -> None:
    reason = 'Failed to download model data from URL: "s3://b/model.tar.gz".'
    assert str(UnhealthyVariantError("Blue", ModelDataFailed(reason))) == reason
