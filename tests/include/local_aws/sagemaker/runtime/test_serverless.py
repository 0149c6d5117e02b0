"""Serverless variants on real endpoints; an idle instance is stopped after 5 s here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from botocore.exceptions import ClientError

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.connections import Invocation, Response
from include.local_aws.sagemaker.runtime.deployments import Deployment, Variant
from include.local_aws.sagemaker.runtime.instances import Host
from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.endpoints.test_serverless import serverless


@pytest.fixture(scope="module")
def endpoint(platform: Platform) -> str:
    """Deploy a variant that has at most two requests in flight."""
    return platform.serving(serverless(platform.model()))


def _processes(platform: Platform) -> set[int]:
    server = psutil.Process(platform.server.process.pid)
    return {child.pid for child in server.children(recursive=True)}


@pytest.fixture(scope="module")
def answers(platform: Platform, endpoint: str) -> Iterator[list[str]]:
    """Send three requests at once: the third is one too many."""
    with ThreadPoolExecutor(3) as pool:
        busy = [pool.submit(platform.invoke, endpoint, "sleep 2") for _ in range(2)]
        time.sleep(1)
        refused = pool.submit(platform.invoke, endpoint, "name")
        errors = [error for future in (refused,) if (error := future.exception())]
        yield [*(future.result() for future in busy), *map(str, errors)]


def test_description_has_the_concurrency_and_no_instances(
    platform: Platform, endpoint: str
) -> None:
    (variant,) = platform.sagemaker.describe_endpoint(EndpointName=endpoint)["ProductionVariants"]
    config = {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
    assert variant["CurrentServerlessConfig"] == variant["DesiredServerlessConfig"] == config
    assert not {"InstanceType", "CurrentInstanceCount", "DesiredInstanceCount"} & set(variant)


def test_each_request_in_flight_has_an_instance(answers: list[str]) -> None:
    assert answers[:2] == ["sleep 2", "sleep 2"]


def test_request_above_the_concurrency_is_throttled(answers: list[str]) -> None:
    assert "ThrottlingException" in answers[2]


def test_setup_time_is_a_metric(platform: Platform, endpoint: str, answers: list[str]) -> None:
    cloudwatch = platform.server.client("cloudwatch")
    place = [{"Name": "EndpointName", "Value": endpoint}]
    deadline = time.monotonic() + 30
    while not cloudwatch.list_metrics(MetricName="ModelSetupTime", Dimensions=place)["Metrics"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_idle_instances_are_stopped_and_come_back(platform: Platform) -> None:
    before = _processes(platform)
    endpoint = platform.serving(serverless(platform.model()))
    first, instance = platform.invoke(endpoint, "who"), _processes(platform) - before
    assert instance
    deadline = time.monotonic() + 60
    while any(psutil.pid_exists(pid) for pid in instance):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert platform.invoke(endpoint, "who") != first


def test_container_that_cannot_start_answers_with_an_error(platform: Platform) -> None:
    """An idle endpoint whose model data have gone cannot start another instance."""
    model = platform.model()
    endpoint = platform.serving(serverless(model, MaxConcurrency=2))
    platform.delete_artifact(model)
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(platform.invoke, endpoint, "sleep 2")
        time.sleep(0.5)
        with pytest.raises(ClientError, match="Failed to download model data"):
            platform.invoke(endpoint, "who")
        assert busy.result() == "sleep 2"


class _Slow(Host):
    """An instance without a process; the order *begin* ends its start, and it may have died."""

    def __init__(self, aws: Aws, variant: Variant, begin: asyncio.Event) -> None:
        super().__init__(aws, "churn", variant.spec)
        self._begin = begin

    async def start(self) -> None:
        await self._begin.wait()
        await super().start()

    async def post(self, invocation: Invocation) -> Response:
        raise ConnectionResetError


def _variant(aws: Aws) -> Variant:
    config = {"MaxConcurrency": 2, "ProvisionedConcurrency": 1, "MemorySizeInMB": 1024}
    spec = {"VariantName": "AllTraffic", "DesiredInstanceCount": 0, "DesiredWeight": 1.0}
    spec |= {"Containers": [{"Image": "none"}], "ServerlessConfig": config}
    return Deployment(aws, "churn", {"EndpointConfigName": "c", "Variants": [spec]}).next()


@pytest.mark.parametrize("is_stopped", [True, False])
def test_instance_that_ends_during_a_request_leaves_it_to_another(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, is_stopped: bool
) -> None:
    """Leave no instance that starts while its endpoint is deleted or updated."""

    async def check() -> None:
        variant, begin = _variant(aws), asyncio.Event()
        instance = _Slow(aws, variant, begin)
        monkeypatch.setattr(variant._on_demand, "_new_instance", lambda: instance)
        request = asyncio.create_task(variant.ask(Invocation([], b"1")))
        await asyncio.sleep(0)
        if is_stopped:
            await variant.stop(drain=True)
        begin.set()
        assert await request is None
        assert (instance.containers is None, variant.instances) == (
            is_stopped,
            [] if is_stopped else [instance],
        )
        await variant.stop(drain=True)
        monkeypatch.setattr(variant._on_demand, "_new_instance", lambda: pytest.fail("started"))
        assert await variant.ask(Invocation([], b"1")) is None

    asyncio.run(check())
