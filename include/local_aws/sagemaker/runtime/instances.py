"""One instance of a variant: a model's process that is started, monitored and restarted."""

from __future__ import annotations

import asyncio
import itertools
import logging
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...cloudwatch.logs import Logs
from ...containers.model_server import ModelServer, start_server
from ...core.role_actions import prepare
from .connections import ConnectionLostError, Header, Pool, Response

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
PING_SECONDS = 2.0  # AWS's timeout of a health check
MOST_SILENT = 3
DRAIN_SECONDS = 65.0  # an invocation may last 60
LOG_GROUP = "/aws/sagemaker/Endpoints"
_turns = itertools.count()


class Instance:
    """Holds one process and the connections to it."""

    def __init__(self, aws: Aws, endpoint: str, variant: dict[str, Any]) -> None:
        self.id = f"i-{uuid.uuid4().hex[:17]}"
        self.outstanding = 0
        self.last_turn = 0
        self.pool: Pool | None = None
        self._aws = aws
        self._endpoint = endpoint
        self._container: dict[str, Any] = variant["Containers"][0]
        self._timeout = float(variant.get("ContainerStartupHealthCheckTimeoutInSeconds", 240))
        # At least a second, so that a model under load does not count as dead.
        self._between_pings = max(1.0, aws.clock.real(10))
        self._stream = f"{variant['VariantName']}/{self.id}"
        self._group = f"{LOG_GROUP}/{endpoint}"
        folder = aws.directory / "endpoints" / endpoint / variant["VariantName"]
        self._directory: Path = folder / self.id
        self._server: ModelServer | None = None
        self._may_log = True
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id, while there is a process."""
        return self._server.pid if self._server else None

    @property
    def load(self) -> tuple[int, int]:
        """Return the sort key: fewest outstanding requests, then least recently used."""
        return self.outstanding, self.last_turn

    async def start(self) -> None:
        """Start the process, or raise with the reason; restart it after a crash."""
        try:
            await self._launch()
        except BaseException:
            await self._end()
            raise
        self._watch = asyncio.create_task(self._live())

    async def drain(self) -> None:
        """Wait for outstanding requests, then stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self.outstanding:
                    await asyncio.sleep(0.02)
        await self.stop()

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self._end()

    def take(self) -> Instance:
        self.outstanding += 1
        self.last_turn = next(_turns)
        return self

    async def post(self, headers: list[Header], body: bytes) -> Response:
        """Invoke the model; raise OSError or ConnectionLostError if its process has ended."""
        if self.pool is None:
            raise ConnectionRefusedError(f"Instance {self.id} is not running.")
        return await self.pool.post(headers, body)

    async def _launch(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        image, role = self._container["Image"], self._container.get("ExecutionRoleArn", "")
        self._may_log = await prepare(self._aws, role, image, self._group, self._stream)
        self._server = await start_server(self._aws, self._container, self._directory, self._log)
        await self._server.ready(self._timeout)
        address = urlsplit(self._server.url)
        self.pool = Pool(str(address.hostname), int(address.port or 80))

    async def _live(self) -> None:
        await asyncio.gather(self._keep_alive(), self._die_on_demand())

    async def _die_on_demand(self) -> None:
        while True:
            await self._aws.faults.wait("endpoint", self._endpoint, "instance-dies")
            if self._server is not None:
                self._server.kill()

    async def _keep_alive(self) -> None:
        """Restart a model that dies, with a longer pause if it dies at once again."""
        pause = 0.0
        loop = asyncio.get_running_loop()
        while self._server is not None:
            up = loop.time()
            end = await self._end_of_life(self._server)
            self._hang_up()
            pause = 0.0 if loop.time() - up > 30 else min(30.0, pause * 2 + 0.2)
            self._log(f"The model's process {end}; restarting.")
            await self._server.stop()
            await asyncio.sleep(pause)
            try:
                await self._launch()
            except Exception as error:  # noqa: BLE001  (after any error, the next try may succeed)
                self._log(f"Restarting the model failed: {error}")

    async def _end_of_life(self, server: ModelServer) -> str:
        """Wait until the process ends or no longer answers /ping; return the reason."""
        ended = asyncio.create_task(server.wait())
        silent = 0
        try:
            while silent < MOST_SILENT:
                done, _ = await asyncio.wait({ended}, timeout=self._between_pings)
                if done:
                    return f"exited with code {ended.result()}"
                silent = 0 if await self._is_healthy() else silent + 1
            server.kill()
            return f"did not answer {MOST_SILENT} health checks in a row"
        finally:
            ended.cancel()

    async def _is_healthy(self) -> bool:
        with suppress(TimeoutError, OSError, ConnectionLostError):
            async with asyncio.timeout(PING_SECONDS):
                return self.pool is not None and await self.pool.ping()
        return False

    async def _end(self) -> None:
        self._hang_up()
        if self._server is not None:
            await self._server.stop()
            self._server = None
        await asyncio.to_thread(shutil.rmtree, self._directory, True)

    def _hang_up(self) -> None:
        if self.pool is not None:
            self.pool.close()
            self.pool = None

    def _log(self, line: str) -> None:
        if self._may_log:
            self._aws.part(Logs).put(self._group, self._stream, line)
