"""One instance of a variant: its model's containers are started, monitored and restarted."""

from __future__ import annotations

import asyncio
import itertools
import logging
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...cloudwatch.logs import Logs
from ...containers.instance_types import process_memory
from ...containers.model_servers import ModelServers, container_names, start_servers
from ...core.role_actions import prepare
from .connections import Invocation, Response
from .containers import Containers
from .errors import LOG_GROUP
from .multi_model import MOST_LOADED, MultiModel

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
MOST_SILENT = 3
DRAIN_SECONDS = 65.0  # an invocation may last 60
_turns = itertools.count()

# Each model has a process and /opt/ml/model of its own: with `true`, AWS's toolkit would look for
# it below /opt/ml/models.
ONE_OF_SEVERAL = {"SAGEMAKER_MULTI_MODEL": "1"}


class Instance:
    """Holds the processes of one instance and the connections to them."""

    def __init__(self, aws: Aws, endpoint: str, variant: dict[str, Any]) -> None:
        self.id = f"i-{uuid.uuid4().hex[:17]}"
        self.outstanding = 0
        self.last_turn = 0
        self.containers: Containers | MultiModel | None = None
        self._aws = aws
        self._endpoint = endpoint
        self._definitions: list[dict[str, Any]] = variant["Containers"]
        self._names = container_names(self._definitions)
        self._type: str | None = variant.get("InstanceType")
        self.memory = process_memory(self._type)
        self._timeout = float(variant.get("ContainerStartupHealthCheckTimeoutInSeconds", 240))
        # At least a second, so that a model under load does not count as dead.
        self._between_pings = max(1.0, aws.clock.real(10))
        self._stream = f"{variant['VariantName']}/{self.id}"
        self._group: str = variant.get("LogGroup", f"{LOG_GROUP}/{endpoint}")
        folder = aws.directory / "endpoints" / endpoint / variant["VariantName"]
        self._directory: Path = folder / self.id
        self._servers: ModelServers | MultiModel | None = None
        self._may_log = True
        self._watch: asyncio.Task[None] | None = None

    @property
    def pids(self) -> dict[str, int]:
        """Return the process id of each running container, by name."""
        return self._servers.pids if self._servers else {}

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

    async def post(self, invocation: Invocation) -> Response:
        """Invoke the model; raise OSError or ConnectionLostError if a process has ended."""
        if self.containers is None:
            raise ConnectionRefusedError(f"Instance {self.id} is not running.")
        return await self.containers.post(invocation)

    async def _launch(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        for name, container in zip(self._names, self._definitions, strict=True):
            image, role = container["Image"], container.get("ExecutionRoleArn", "")
            stream = self._stream_of(name)
            self._may_log = await prepare(self._aws, role, image, self._group, stream)
        if self._definitions[0].get("Mode") == "MultiModel":
            cache = self._definitions[0].get("MultiModelConfig", {}).get("ModelCacheSetting")
            most = 0 if cache == "Disabled" else MOST_LOADED
            self._servers = self.containers = MultiModel(self._load, most)
            return
        servers = await start_servers(
            self._aws,
            self._definitions,
            self._directory,
            self._log,
            instance_type=self._type,
        )
        self._servers = servers
        await servers.ready(self._timeout)
        self.containers = Containers(servers.urls)

    async def _load(self, name: str) -> ModelServers:
        """Start the server of the model *name* of a multi-model container."""
        (definition,) = self._definitions
        prefix = definition["ModelDataUrl"].rstrip("/")
        container = definition | {"ModelDataUrl": f"{prefix}/{name.lstrip('/')}"}
        directory = self._directory / uuid.uuid4().hex
        return await start_servers(
            self._aws, [container], directory, self._log, ONE_OF_SEVERAL, self._type
        )

    async def _live(self) -> None:
        await asyncio.gather(self._keep_alive(), self._die_on_demand())

    async def _die_on_demand(self) -> None:
        while True:
            await self._aws.faults.wait("endpoint", self._endpoint, "instance-dies")
            if self._servers is not None:
                self._servers.kill()

    async def _keep_alive(self) -> None:
        """Restart a model that dies, with a longer pause if it dies at once again."""
        pause = 0.0
        loop = asyncio.get_running_loop()
        while self._servers is not None:
            up = loop.time()
            name, end = await self._end_of_life(self._servers)
            self._hang_up()
            pause = 0.0 if loop.time() - up > 30 else min(30.0, pause * 2 + 0.2)
            self._log(name, f"The model's process {end}; restarting.")
            await self._servers.stop()
            await asyncio.sleep(pause)
            try:
                await self._launch()
            except Exception as error:  # noqa: BLE001  (after any error, the next try may succeed)
                self._log(name, f"Restarting the model failed: {error}")

    async def _end_of_life(self, servers: ModelServers | MultiModel) -> tuple[str, str]:
        """Wait until a process ends or none answers /ping; return the container and the reason."""
        ended = asyncio.create_task(servers.wait())
        silent = 0
        try:
            while silent < MOST_SILENT:
                done, _ = await asyncio.wait({ended}, timeout=self._between_pings)
                if done:
                    name, code = ended.result()
                    return name, f"exited with code {code}"
                silent = 0 if await self._is_healthy() else silent + 1
            servers.kill()
            return self._names[-1], f"did not answer {MOST_SILENT} health checks in a row"
        finally:
            ended.cancel()

    async def _is_healthy(self) -> bool:
        return self.containers is not None and await self.containers.are_healthy()

    async def _end(self) -> None:
        self._hang_up()
        if self._servers is not None:
            await self._servers.stop()
            self._servers = None
        await asyncio.to_thread(shutil.rmtree, self._directory, True)

    def _hang_up(self) -> None:
        if self.containers is not None:
            self.containers.close()
            self.containers = None

    def _stream_of(self, name: str) -> str:
        """Return the log stream of a container, named in it where there are several."""
        return self._stream if len(self._names) == 1 else f"{self._stream}/{name}"

    def _log(self, name: str, line: str) -> None:
        if self._may_log:
            self._aws.part(Logs).put(self._group, self._stream_of(name), line)


class Host(Instance):
    """An instance without a model of its own: copies of inference components run on it."""

    async def start(self) -> None:
        self.containers = Containers({})

    async def stop(self) -> None:
        self.containers = None
