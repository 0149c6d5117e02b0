"""Multi-model endpoints: real models, loaded when a request names them."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.sagemaker.runtime.connections import Invocation
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

    def __init__(self, listening: asyncio.Server) -> None:
        host, port = listening.sockets[0].getsockname()[:2]
        self.urls = {"primary": f"http://{host}:{port}"}
        self.stopped = False

    async def ready(self) -> None:
        pass

    async def stop(self) -> None:
        self.stopped = True


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readuntil(b"\r\n\r\n"):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


@pytest.mark.parametrize(("most", "unloaded"), [(2, {"b"}), (0, {"a", "b", "c"})])
def test_least_recently_used_model_is_unloaded(most: int, unloaded: set[str]) -> None:
    loaded: dict[str, Server] = {}

    async def check() -> None:
        listening = await asyncio.start_server(_answer, "127.0.0.1", 0)

        async def load(name: str) -> Any:
            return loaded.setdefault(name, Server(listening))

        models = MultiModel(load, most)
        for name in ("a", "b", "a", "c"):
            await models.post(Invocation([], b"", name))
        listening.close()

    asyncio.run(check())
    assert {name for name, server in loaded.items() if server.stopped} == unloaded
