"""Serverless variants: one instance for each request in flight, started and stopped on demand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...core.supervision import Tasks
from ...wire.errors import AwsError
from .connections import Invocation, Response
from .errors import silent

if TYPE_CHECKING:
    from .instances import Instance

IDLE_SECONDS = 300.0  # AWS does not state after which time an idle instance is stopped


class OnDemand:
    """The instances of a serverless variant, which grow with the requests in flight.

    :param config: The variant's ServerlessConfig.
    :param instances: The running instances; others may add to them.
    :param idle_seconds: Real seconds after which an idle instance is stopped, unless its
        concurrency is provisioned.
    """

    def __init__(
        self,
        config: dict[str, Any],
        instances: list[Instance],
        new_instance: Callable[[], Instance],
        idle_seconds: float,
    ) -> None:
        self.configure(config)
        self._instances = instances
        self._new_instance = new_instance
        self._idle_seconds = idle_seconds
        self._in_flight = self._peak = 0
        self._watches = Tasks("The end of an idle instance")
        self._has_stopped = False

    def configure(self, config: dict[str, Any]) -> None:
        """Set the concurrency; idle instances above a smaller one are stopped later."""
        self._most: int = config["MaxConcurrency"]
        self._provisioned: int = config.get("ProvisionedConcurrency", 0)

    def utilization(self) -> float | None:
        """Return the peak use of the provisioned concurrency since the last call, 1 for all."""
        peak, self._peak = self._peak, self._in_flight
        return peak / self._provisioned if self._provisioned else None

    async def ask(self, invocation: Invocation) -> Response | None:
        """Return the response of an idle instance, or of one that is started for the request.

        :raises AwsError: MaxConcurrency requests are in flight already.
        """
        if self._in_flight >= self._most:
            raise AwsError(
                "ThrottlingException",
                f"Rate exceeded: {self._in_flight} requests are in flight, and the MaxConcurrency "
                "of the endpoint allows no more. Retry, or raise MaxConcurrency.",
                429,
            )
        self._in_flight += 1
        self._peak = max(self._peak, self._in_flight)
        try:
            return await self._respond(invocation)
        finally:
            self._in_flight -= 1

    async def _respond(self, invocation: Invocation) -> Response | None:
        began = time.perf_counter()
        instance = self._idle_instance()
        if instance is None:
            try:
                instance = await self._started()
            except Exception as error:  # noqa: BLE001  (any error is the client's response)
                return silent(f"The container did not start: {error}")
        if instance is None:
            return None
        setup = time.perf_counter() - began
        try:
            return replace(await instance.post(invocation), setup_seconds=setup)
        except OSError:
            return None  # the process has ended
        finally:
            instance.outstanding -= 1
            self.watch(instance)

    def _idle_instance(self) -> Instance | None:
        """Reserve and return an instance without a request, the most recently used one."""
        idle = [i for i in self._instances if i.containers is not None and not i.outstanding]
        return max(idle, key=lambda instance: instance.last_turn).take() if idle else None

    async def _started(self) -> Instance | None:
        """Start an instance for a request; return None if the variant has ended meanwhile."""
        if self._has_stopped:
            return None
        instance = self._new_instance().take()
        await instance.start()
        if self._has_stopped:
            await instance.stop()
            return None
        self._instances.append(instance)
        return instance

    def watch(self, *instances: Instance) -> None:
        """Stop each of *instances* when it has had no request for the idle time."""
        for instance in instances:
            self._watches.begin(self._retire(instance, instance.last_turn))

    async def _retire(self, instance: Instance, turn: int) -> None:
        await asyncio.sleep(self._idle_seconds)
        is_idle = instance in self._instances and instance.last_turn == turn
        if is_idle and not instance.outstanding and len(self._instances) > self._provisioned:
            self._instances.remove(instance)
            await asyncio.shield(instance.stop())

    async def stop(self) -> None:
        """Start no more instances, and leave the end of the running ones to the caller."""
        self._has_stopped = True
        await self._watches.stop()
