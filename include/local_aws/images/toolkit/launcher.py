"""Start AWS's training toolkit in its environment; it runs the user's script in the image's.

sagemaker-training pulls paramiko, gevent and scipy, and imports any framework that is
installed. In a separate environment it starts in half a second and imports no framework. It does
not support that, so five of its functions are replaced: keep it pinned to 5.1.4.
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
    """Set the script's variables; the stock function leaks the toolkit's sys.path."""
    os.environ.update({**(env_vars or {}), "PYTHONPATH": environment.code_dir})


class _Lines:
    """A stream that is read by lines; the stock class splits a line at the end of a chunk."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def read(self, size: int) -> bytes:
        try:
            return await self._stream.readline()
        except ValueError:  # the line is longer than the stream's limit
            return await self._stream.read(size)


async def _watch_lines(stream: Any, *arguments: Any, **options: Any) -> Any:
    lines = _Lines(stream) if stream else None
    return await WATCH(lines, *arguments, **options)


def _installed_already(path: str, capture_error: bool = False) -> None:
    """Skip the installation: the environment already has the archive's requirements."""


modules.install_requirements = _installed_already
process.watch = _watch_lines
process.python_executable = _framework_python
process.get_tensorflow_exception_classes = _no_tensorflow_errors
environment.write_env_vars = _write_env_vars


def _outlive_the_script(*_: Any) -> None:
    """Ignore SIGTERM until the script has ended, so that the script can save its model."""


def main() -> None:
    """Run the script; SAGEMAKER_TRAINING_MODULE names this function."""
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
