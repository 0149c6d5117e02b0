"""Model servers: a container that answers /ping and /invocations."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from ..core.processes import free_port, is_listening
from ..core.untrusted_files import remove_tree
from .command import Box
from .container import Container, StartFailed
from .environments import Environments
from .image import TOOLKIT_FOLDER
from .images import image_for
from .instance_types import process_memory
from .layers import INTERPRETER, add_layer
from .layers import variables as layer_variables
from .model_data import ServerFailed, download_model
from .requirements import BuildFailed, requirements_in
from .sandbox import toolchain

if TYPE_CHECKING:
    from ..core.account import Aws

STOP_PATIENCE = 30  # seconds that AWS gives a model server after SIGTERM
PING_PAUSE = 0.05  # seconds between two attempts to reach a server that starts


class ModelServer:
    """One process that serves one model on its own port."""

    def __init__(self, container: Container, port: int, directory: Path) -> None:
        self._container = container
        self._directory = directory
        self._port = port
        self.url = f"http://127.0.0.1:{port}"
        self.pid = container.pid

    @property
    def returncode(self) -> int | None:
        return self._container.returncode

    async def ready(self, timeout: float = 240) -> None:
        """Return when /ping answers 200; raise ServerFailed if it exits or after *timeout*."""
        deadline = time.monotonic() + timeout
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as http:
            while not (is_listening(self._port) and await _answers(http, f"{self.url}/ping")):
                if self.returncode is not None:
                    raise ServerFailed(f"The model server exited with code {self.returncode}.")
                if time.monotonic() > deadline:
                    raise ServerFailed(f"/ping did not answer 200 within {timeout:.0f} s.")
                await asyncio.sleep(PING_PAUSE)

    async def wait(self) -> int:
        return await self._container.wait()

    async def stop(self, patience: float = STOP_PATIENCE) -> None:
        await self._container.stop(patience)
        await asyncio.to_thread(remove_tree, self._directory)

    def kill(self) -> None:
        self._container.kill()


async def start_server(
    aws: Aws,
    container: dict[str, Any],
    directory: Path,
    log: Callable[[str], None],
    environment: dict[str, str] | None = None,
    instance_type: str | None = None,
) -> ModelServer:
    """Unpack the model into *directory* and start its image's server there."""
    image = image_for(container["Image"])
    root = directory / "ml"
    (root / "model").mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(download_model, aws, container, root)
    try:
        extra = requirements_in(root / "model" / "code")
        python = await aws.part(Environments).of(image, log, extra)
    except BuildFailed as failed:
        raise ServerFailed(str(failed)) from None
    port = free_port()
    script = image.is_algorithm and "SAGEMAKER_PROGRAM" in container.get("Environment", {})
    folders = (image.folder, TOOLKIT_FOLDER) if script else (image.folder,)
    variables = {
        **({"SAGEMAKER_PROGRAM": "inference.py"} if image.script_mode else {}),
        **({"PYTHONPATH": str(image.folder)} if script else {}),
        **layer_variables(python),
        **_platform_variables(aws.region, port),
        **container.get("Environment", {}),
        **(environment or {}),
    }
    visible = (*toolchain(python), *folders, *image.script_folders)
    box = Box(root, visible, environment=variables, memory=process_memory(instance_type))
    await asyncio.to_thread(add_layer, python, root, image.script_folders)
    argv = image.command(INTERPRETER, "serve", script=script)
    try:
        started = await Container.start(box, argv, aws.options.sandbox, log)
    except StartFailed as failed:
        raise ServerFailed(str(failed)) from None
    return ModelServer(started, port, directory)


def _platform_variables(region: str, port: int) -> dict[str, str]:
    """Return the variables that SageMaker sets for the server of a model."""
    return {
        "SAGEMAKER_BIND_TO_HOST": "127.0.0.1",
        "SAGEMAKER_BIND_TO_PORT": str(port),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "OMP_NUM_THREADS": "1",
    }


async def _answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
