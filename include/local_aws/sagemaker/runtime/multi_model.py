"""Multi-model containers: models of one prefix, loaded when a request names them.

AWS's container holds all models in one process and unloads by memory. Here each model has a process
of its own, and the least recently used one is stopped when there are too many.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from ...containers.model_data import ModelDataFailed, ServerFailed
from ...containers.model_servers import ModelServers
from .connections import ConnectionLostError, Invocation, Response
from .containers import Containers
from .errors import invalid, silent

MOST_LOADED = 8  # models of one instance
Load = Callable[[str], Awaitable[ModelServers]]


@dataclass
class Loaded:
    """A model that is loaded, or being loaded."""

    servers: asyncio.Task[ModelServers]
    containers: Containers | None = None
    outstanding: int = 0


class MultiModel:
    """The models of one instance, as the process and the connections of an instance are used.

    :param load: Starts the server of a model, from its name below the prefix.
    :param most: How many models stay loaded without a request.
    """

    def __init__(self, load: Load, most: int = MOST_LOADED) -> None:
        self._load = load
        self._most = most
        self._models: OrderedDict[str, Loaded] = OrderedDict()  # the least recently used is first
        self._ended = asyncio.Event()

    @property
    def pids(self) -> dict[str, int]:
        """Return the process of each loaded model."""
        return {
            name: pid
            for name, model in self._models.items()
            if model.containers is not None
            for pid in model.servers.result().pids.values()
        }

    async def post(self, invocation: Invocation) -> Response:
        """Invoke the target model, which is loaded first if it must be."""
        name = str(invocation.target)
        began, is_loaded = time.perf_counter(), name in self._models
        if not is_loaded:
            self._models[name] = Loaded(self._loading(name))
        model = self._models[name]
        model.outstanding += 1
        self._models.move_to_end(name)
        try:
            containers = await self._containers(name, model)
            setup = 0.0 if is_loaded else time.perf_counter() - began
            response = await containers.post(invocation)
            return replace(response, setup_seconds=setup)
        except ModelDataFailed as failed:
            raise invalid(str(failed)) from None
        except ServerFailed as failed:
            return silent(f"The model {name} cannot be loaded: {failed}")
        except (OSError, ConnectionLostError):
            await self._drop(name, model)
            raise
        finally:
            model.outstanding -= 1
            await self._unload_surplus()

    def _loading(self, name: str) -> asyncio.Task[ModelServers]:
        async def load() -> ModelServers:
            servers = await self._load(name)
            try:
                await servers.ready()
            except BaseException:
                await servers.stop()
                raise
            return servers

        return asyncio.create_task(load())

    async def _containers(self, name: str, model: Loaded) -> Containers:
        try:
            servers = await asyncio.shield(model.servers)
        except asyncio.CancelledError:
            if model.servers.cancelled():  # by the end of the instance, not by the request's
                raise ConnectionRefusedError(f"{name} ended while it was loaded.") from None
            raise
        except Exception:
            await self._drop(name, model)
            raise
        if model.containers is None:
            model.containers = Containers(servers.urls)
        return model.containers

    async def _drop(self, name: str, model: Loaded) -> None:
        """Unload a model that failed, so that the next request loads it again."""
        if self._models.get(name) is model:
            del self._models[name]
            _kill(model)
            await _unload(model)

    async def _unload_surplus(self) -> None:
        idle = [name for name, model in self._models.items() if not model.outstanding]
        for name in idle[: max(0, len(self._models) - self._most)]:
            await _unload(self._models.pop(name))

    async def are_healthy(self) -> bool:
        """Return true: a model that does not answer is unloaded by its request."""
        return True

    async def wait(self) -> tuple[str, int]:
        """Wait until the instance is killed; a model that ends does not end the instance."""
        await self._ended.wait()
        return "primary", -9

    def kill(self) -> None:
        for model in self._models.values():
            _kill(model)
        self._ended.set()

    def close(self) -> None:
        for model in self._models.values():
            if model.containers is not None:
                model.containers.close()

    async def stop(self) -> None:
        models = list(self._models.values())
        self._models.clear()
        await asyncio.gather(*(_unload(model) for model in models))


def _kill(model: Loaded) -> None:
    if model.containers is not None:
        model.servers.result().kill()


async def _unload(model: Loaded) -> None:
    model.servers.cancel()
    await asyncio.wait({model.servers})
    if model.servers.cancelled() or model.servers.exception():
        return
    if model.containers is not None:
        model.containers.close()
    await model.servers.result().stop()
