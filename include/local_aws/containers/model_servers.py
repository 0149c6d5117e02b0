"""The model servers of one instance: one for each container of its model, in their order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .model_data import ServerFailed
from .model_server import ModelServer, start_server

if TYPE_CHECKING:
    from ..core.account import Aws

Log = Callable[[str, str], None]  # the name of a container, and a line of its log
ONLY = "primary"  # AWS's name of a model's only container


class ContainerFailed(ServerFailed):
    """Raised when one of several containers does not start; *container* is its name."""

    def __init__(self, container: str, failure: ServerFailed) -> None:
        super().__init__(str(failure))
        self.container = container


def container_names(containers: list[dict[str, Any]]) -> list[str]:
    """Return the names of a model's containers: the given ones, else container-1, container-2.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-pipeline-logs-metrics.html
    """
    if len(containers) == 1:
        return [ONLY]
    return [
        container.get("ContainerHostname") or f"container-{number}"
        for number, container in enumerate(containers, 1)
    ]


class ModelServers:
    """The processes of one instance, by the names of their containers."""

    def __init__(self, servers: dict[str, ModelServer]) -> None:
        self._servers = servers
        self.urls = {name: server.url for name, server in servers.items()}
        self.pids = {name: server.pid for name, server in servers.items()}

    async def ready(self, timeout: float = 240) -> None:
        """Return when every container answers /ping; raise ServerFailed if one does not."""
        await asyncio.gather(
            *(_ready(name, server, timeout) for name, server in self._servers.items())
        )

    async def wait(self) -> tuple[str, int]:
        """Return the name and exit code of the first container that exits."""
        waits = {asyncio.create_task(s.wait()): name for name, s in self._servers.items()}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        ended = done.pop()
        return waits[ended], ended.result()

    async def stop(self, **patience: float) -> None:
        await _stop(self._servers.values(), **patience)

    def kill(self) -> None:
        for server in self._servers.values():
            server.kill()


async def start_servers(
    aws: Aws,
    containers: list[dict[str, Any]],
    directory: Path,
    log: Log,
    environment: dict[str, str] | None = None,
    instance_type: str | None = None,
) -> ModelServers:
    """Start the servers of all *containers*; if one fails, stop the others and raise."""
    names = container_names(containers)
    starts = [
        start_server(
            aws, container, directory / name, _log_of(log, name), environment, instance_type
        )
        for name, container in zip(names, containers, strict=True)
    ]
    outcomes = await asyncio.gather(*starts, return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    started = {
        name: outcome
        for name, outcome in zip(names, outcomes, strict=True)
        if isinstance(outcome, ModelServer)
    }
    if failures:
        await _stop(started.values())
        raise failures[0]
    return ModelServers(started)


def _log_of(log: Log, name: str) -> Callable[[str], None]:
    return lambda line: log(name, line)


async def _ready(name: str, server: ModelServer, timeout: float) -> None:
    try:
        await server.ready(timeout)
    except ServerFailed as failed:
        raise ContainerFailed(name, failed) from None


async def _stop(servers: Iterable[ModelServer], **patience: float) -> None:
    await asyncio.gather(*(server.stop(**patience) for server in servers))
