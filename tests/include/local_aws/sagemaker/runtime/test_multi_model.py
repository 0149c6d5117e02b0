"""Multi-model endpoints: real models, loaded when a request names them."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.containers.model_data import ServerFailed
from include.local_aws.sagemaker.runtime.connections import ConnectionLostError, Invocation
from include.local_aws.sagemaker.runtime.multi_model import MultiModel
from tests.include.local_aws.models import BROKEN, OBEDIENT, ROLE, TOOLKIT, Platform, variant
from tests.include.local_aws.refusals import refusal


@pytest.fixture(scope="module")
def prefix(platform: Platform) -> str:
    """Store two models and a broken one under a prefix."""
    prefix = platform.unique("many")
    for name in ("a", "b", "broken"):
        archive = platform.container(BROKEN if name == "broken" else OBEDIENT, name)
        _copy(platform, archive["ModelDataUrl"], f"{prefix}/{name}.tar.gz")
    return prefix


def _copy(platform: Platform, uri: str, key: str) -> None:
    source = uri.removeprefix("s3://")
    platform.s3.copy_object(Bucket=platform.bucket, Key=key, CopySource=source)


def _model(platform: Platform, prefix: str, **members: Any) -> str:
    model = platform.unique("many")
    container = {"Image": TOOLKIT, "Mode": "MultiModel"} | members
    platform.sagemaker.create_model(
        ModelName=model,
        PrimaryContainer=container | {"ModelDataUrl": f"s3://{platform.bucket}/{prefix}/"},
        ExecutionRoleArn=ROLE,
    )
    return model


@pytest.fixture(scope="module")
def endpoint(platform: Platform, prefix: str) -> str:
    return platform.serving(variant(_model(platform, prefix)))


def test_request_names_its_model(platform: Platform, endpoint: str) -> None:
    for name in ("a", "b"):
        assert platform.invoke(endpoint, "name", TargetModel=f"{name}.tar.gz") == name


def test_loaded_model_stays_loaded(platform: Platform, endpoint: str) -> None:
    first, again = (platform.invoke(endpoint, "who", TargetModel="a.tar.gz") for _ in range(2))
    assert first == again


def test_new_model_needs_no_update(platform: Platform, prefix: str, endpoint: str) -> None:
    archive = platform.container(OBEDIENT, "later")["ModelDataUrl"]
    with pytest.raises(ClientError, match=r"later\.tar\.gz"):
        platform.invoke(endpoint, "name", TargetModel="later.tar.gz")
    _copy(platform, archive, f"{prefix}/later.tar.gz")
    assert platform.invoke(endpoint, "name", TargetModel="later.tar.gz") == "later"


def test_missing_model_is_the_callers_error(platform: Platform, endpoint: str) -> None:
    code, message = refusal(
        platform.runtime.invoke_endpoint,
        EndpointName=endpoint,
        Body=b"1",
        TargetModel="none.tar.gz",
    )
    assert code == "ValidationError"
    assert message.startswith("Failed to download model data from URL:")


def test_broken_model_does_not_end_the_endpoint(platform: Platform, endpoint: str) -> None:
    with pytest.raises(ClientError, match=r"broken\.tar\.gz cannot be loaded"):
        platform.invoke(endpoint, "1", TargetModel="broken.tar.gz")
    assert platform.invoke(endpoint, "name", TargetModel="a.tar.gz") == "a"


def test_model_that_dies_is_loaded_again(platform: Platform, endpoint: str) -> None:
    first = platform.invoke(endpoint, "who", TargetModel="b.tar.gz")
    with pytest.raises(ClientError):
        platform.invoke(endpoint, "die", TargetModel="b.tar.gz")
    assert platform.invoke(endpoint, "who", TargetModel="b.tar.gz") != first


def test_cache_hits_are_a_metric(platform: Platform, endpoint: str) -> None:
    platform.invoke(endpoint, "name", TargetModel="a.tar.gz")
    cloudwatch = platform.server.client("cloudwatch")
    place = [{"Name": "EndpointName", "Value": endpoint}]
    wanted = {"ModelCacheHit", "ModelLoadingWaitTime"}
    deadline = time.monotonic() + 30
    while wanted - {m["MetricName"] for m in cloudwatch.list_metrics(Dimensions=place)["Metrics"]}:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("target", "complaint"), [({}, "Give TargetModel"), ({"TargetModel": "a"}, "not a multi-model")]
)
def test_target_model_is_for_multi_model_endpoints(
    platform: Platform, endpoint: str, target: dict[str, str], complaint: str
) -> None:
    name = platform.serving(variant(platform.model())) if target else endpoint
    code, message = refusal(
        platform.runtime.invoke_endpoint, EndpointName=name, Body=b"1", **target
    )
    assert (code, complaint in message) == ("ValidationError", True)


class Server:
    """Replaces the processes of one model; answers on a real port."""

    def __init__(self, listening: asyncio.Server, ready: Callable[[], Awaitable[None]]) -> None:
        host, port = listening.sockets[0].getsockname()[:2]
        self.urls = {"primary": f"http://{host}:{port}"}
        self.ready = ready
        self.stopped = self.killed = False

    async def stop(self) -> None:
        self.stopped = True

    def kill(self) -> None:
        self.killed = True


async def _at_once() -> None:
    pass


async def _never() -> None:
    await asyncio.Event().wait()


async def _broken() -> None:
    raise ServerFailed("/ping did not answer 200 within 240 s.")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


@asynccontextmanager
async def _loading(
    ready: Callable[[], Awaitable[None]] = _at_once, answer: Any = _answer, most: int = 2
) -> AsyncIterator[tuple[MultiModel, dict[str, list[Server]]]]:
    """Yield a multi-model container, and the servers that it has started for each model."""
    loaded: dict[str, list[Server]] = defaultdict(list)
    listening = await asyncio.start_server(answer, "127.0.0.1", 0)

    async def load(name: str) -> Any:
        loaded[name].append(Server(listening, ready))
        return loaded[name][-1]

    yield MultiModel(load, most), loaded
    listening.close()


@pytest.mark.parametrize(("most", "unloaded"), [(2, {"b"}), (0, {"a", "b", "c"})])
def test_least_recently_used_model_is_unloaded(most: int, unloaded: set[str]) -> None:
    async def check() -> set[str]:
        async with _loading(most=most) as (models, loaded):
            for name in ("a", "b", "a", "c"):
                await models.post(Invocation([], b"", name))
            return {name for name, servers in loaded.items() if servers[0].stopped}

    assert asyncio.run(check()) == unloaded


def test_server_that_does_not_become_ready_is_stopped() -> None:
    async def check() -> None:
        async with _loading(_broken) as (models, loaded):
            response = await models.post(Invocation([], b"", "a"))
            assert (response.status, models.pids) == (0, {})
            assert [server.stopped for server in loaded["a"]] == [True]

    asyncio.run(check())


@pytest.mark.parametrize("is_killed", [False, True])
def test_model_that_is_loaded_ends_with_its_instance(is_killed: bool) -> None:
    async def check() -> None:
        async with _loading(_never) as (models, loaded):
            request = asyncio.create_task(models.post(Invocation([], b"", "a")))
            while not loaded["a"]:
                await asyncio.sleep(0)
            if is_killed:
                models.kill()
                assert await models.wait() == ("primary", -9)
            await models.stop()
            assert loaded["a"][0].stopped
            with pytest.raises(ConnectionRefusedError):  # another instance gets the request
                await request

    asyncio.run(check())


def test_loaded_model_dies_with_its_instance() -> None:
    async def check() -> None:
        async with _loading() as (models, loaded):
            await models.post(Invocation([], b"", "a"))
            models.kill()
            await models.stop()
            (server,) = loaded["a"]
            assert (server.killed, server.stopped) == (True, True)

    asyncio.run(check())


def test_model_that_hangs_up_is_stopped_once_and_loaded_again() -> None:
    async def check() -> None:
        async with _loading(answer=_hang_up) as (models, loaded):
            for _ in range(2):
                requests = [models.post(Invocation([], b"", "a")) for _ in range(2)]
                outcomes = await asyncio.gather(*requests, return_exceptions=True)
                assert all(isinstance(o, OSError | ConnectionLostError) for o in outcomes)
            assert [server.stopped for server in loaded["a"]] == [True, True]

    asyncio.run(check())
