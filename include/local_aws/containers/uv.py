"""Run uv, which builds environments and searches interpreters; it ends with the server."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from .confinement import follow_server
from .image import ROOT
from .reaped import reaped
from .requirements import BuildFailed, CommandFailed

# uv has its own variables; the user's settings for pip apply to it as well.
PIP_SETTINGS = {
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
}


async def uv_output(*arguments: str, given: str = "") -> str:
    """Return the output of uv for *arguments* with *given* as input; raise BuildFailed."""
    return await output_of(_uv(), *arguments, given=given)


async def output_of(*command: str, given: str = "") -> str:
    """Return what *command* prints; raise CommandFailed with it if the command fails."""
    # uv leaves a lock for each source distribution that it builds.
    with tempfile.TemporaryDirectory(prefix="prodml-build-", ignore_cleanup_errors=True) as folder:
        return await _output_of(list(command), given, {"TMPDIR": folder})


async def _output_of(command: list[str], given: str, variables: dict[str, str]) -> str:
    settings = {uv: os.environ[pip] for pip, uv in PIP_SETTINGS.items() if pip in os.environ}
    order = reaped(command, settings | dict(os.environ) | variables, Path("/"))
    try:
        process = await asyncio.create_subprocess_exec(
            *order.argv,
            env={},
            pass_fds=order.descriptors,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=lambda: follow_server(order),
        )
    finally:
        order.close()
    try:
        output, _ = await process.communicate(given.encode())
    finally:
        if process.returncode is None:  # cancelled: the job was stopped, or the server ends
            process.send_signal(order.end)
            await process.wait()
    text = output.decode(errors="replace").strip()
    if process.returncode:
        raise CommandFailed(command, text)
    return text


def _uv() -> str:
    """Return the path of uv: PRODML_UV, of `make setup`, installed with this, or on the PATH."""
    installed = (ROOT / ".local" / "tools" / "bin" / "uv", Path(sys.executable).with_name("uv"))
    local = next((str(path) for path in installed if path.exists()), None)
    named = os.environ.get("PRODML_UV") or local or shutil.which("uv")
    if not named or not shutil.which(named):
        raise BuildFailed(
            f"uv was not found{f' at {named}' if named else ''}. Run `make setup`, or set "
            "PRODML_UV."
        )
    return named
