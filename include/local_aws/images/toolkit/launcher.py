"""AWS's own training toolkit, started in its environment, running the user's script in the image's.

sagemaker-training pulls paramiko, gevent and scipy, and imports whatever framework it finds beside
it. In an environment of its own it costs half a second and leaves frameworks alone. It offers no
such split, so five of its functions are replaced: keep it pinned to 5.1.4.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from sagemaker_training import entry_point, environment, modules, process

WATCH = process.watch
FRAMEWORK = os.environ["FRAMEWORK_PYTHON"]


def _framework_python() -> str:
    return FRAMEWORK


def _no_tensorflow_errors() -> list[str]:
    return []


def _write_env_vars(env_vars: dict[str, str] | None = None) -> None:
    """The stock version leaks the toolkit's own sys.path to the script."""
    os.environ.update({**(env_vars or {}), "PYTHONPATH": environment.code_dir})


class _Lines:
    """A stream that is read by lines: the stock version cuts a line where a chunk ends."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def read(self, size: int) -> bytes:
        try:
            return await self._stream.readline()
        except ValueError:  # a line beyond the stream's limit
            return await self._stream.read(size)


async def _watch_lines(stream: Any, *arguments: Any, **options: Any) -> Any:
    lines = _Lines(stream) if stream else None
    return await WATCH(lines, *arguments, **options)


def _installed_already(path: str, capture_error: bool = False) -> None:
    """The environment was made with the archive's requirements in it."""


modules.install_requirements = _installed_already
process.watch = _watch_lines
process.python_executable = _framework_python
process.get_tensorflow_exception_classes = _no_tensorflow_errors
environment.write_env_vars = _write_env_vars


def _outlive_the_script(*_: Any) -> None:
    """SIGTERM reaches the script too; if the toolkit went first, the script could not save."""


def main() -> None:
    """What SAGEMAKER_TRAINING_MODULE names."""
    signal.signal(signal.SIGTERM, _outlive_the_script)
    settings = environment.Environment()
    os.environ["PATH"] = f"{Path(FRAMEWORK).parent}:{os.environ['PATH']}"
    entry_point.run(
        settings.module_dir,
        settings.user_entry_point,
        settings.to_cmd_args(),
        settings.to_env_vars(),
        capture_error=True,
    )
