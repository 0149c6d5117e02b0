from __future__ import annotations

import asyncio
from types import MethodType
from typing import Any

import pytest

from include.local_aws.cloudwatch.logs import Logs
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


class _Servers:
    """The processes of a model, which end, or stop to answer, on an order."""

    def __init__(self) -> None:
        self.pids: dict[str, int] = {}
        self.ended = asyncio.Event()
        self.is_stopped = False

    async def wait(self) -> tuple[str, int]:
        await self.ended.wait()
        return "primary", 1

    def kill(self) -> None:
        self.ended.set()

    async def stop(self) -> None:
        self.is_stopped = True


class _Connections:
    """The connections to the processes."""

    is_healthy = True

    async def are_healthy(self) -> bool:
        return self.is_healthy

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("end", "reason"),
    [("exit", "exited with code 1"), ("silence", "did not answer 3 health checks in a row")],
)
def test_model_that_ends_is_restarted_until_it_starts(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, end: str, reason: str
) -> None:
    logs = aws.add(Logs(aws.store, aws.clock))
    outcomes = iter([None, OSError("No space left"), None])
    sleep = asyncio.sleep
    launched: list[_Servers] = []

    async def launch(self: Any) -> None:
        if error := next(outcomes):
            raise error
        launched.append(_Servers())
        self._servers, self.containers = launched[-1], _Connections()

    async def check() -> None:
        instance = _instance(aws)
        instance._between_pings = 0.001
        monkeypatch.setattr(instance, "_launch", MethodType(launch, instance))
        monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))  # the pause grows
        await instance.start()
        if end == "exit":
            launched[0].ended.set()
        else:
            monkeypatch.setattr(instance.containers, "is_healthy", False)
        async with asyncio.timeout(5):
            while len(launched) < 2:
                await sleep(0.001)
        assert instance.containers is not None
        await instance.stop()
        assert [servers.is_stopped for servers in launched] == [True, True]
        stream = f"Blue/{instance.id}"
        lines = logs.last_lines("/aws/sagemaker/Endpoints/churn", stream, 9)
        assert lines[:2] == [
            f"The model's process {reason}; restarting.",
            "Restarting the model failed: No space left",
        ]

    asyncio.run(check())
