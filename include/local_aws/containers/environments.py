"""Python environments of images: built on first use by uv, then found again by their content."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from include.local_aws.containers.images import requirements_digest

ROOT = Path(__file__).resolve().parents[3]
Log = Callable[[str], None]


class Environments:
    """The cache of environments; two jobs that want the same one build it once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._locks: dict[str, asyncio.Lock] = {}

    async def python(self, requirements: tuple[str, ...], log: Log) -> Path:
        """The interpreter of the environment that holds *requirements* and what they need."""
        digest = requirements_digest(requirements)
        home = self._root / digest
        async with self._locks.setdefault(digest, asyncio.Lock()):
            if not home.exists():
                log(f"Building the image's environment once: {', '.join(requirements)}")
                await self._build(home, requirements)
        return home / "bin" / "python"

    async def _build(self, home: Path, requirements: tuple[str, ...]) -> None:
        """Built beside its place and moved there whole, so that a kill leaves nothing half-made."""
        partial = home.with_name(f"{home.name}.partial-{os.getpid()}")
        shutil.rmtree(partial, ignore_errors=True)
        self._root.mkdir(parents=True, exist_ok=True)
        uv = _uv()
        await _run(uv, "venv", "--quiet", "--python", sys.executable, str(partial))
        python = str(partial / "bin" / "python")
        install = ("pip", "install", "--quiet", "--compile-bytecode", "--python", python)
        await _run(uv, *install, *requirements)
        try:
            partial.rename(home)
        except OSError:  # another server finished the same one first
            shutil.rmtree(partial, ignore_errors=True)


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    if process.returncode:
        text = output.decode(errors="replace").strip()
        raise RuntimeError(f"{' '.join(command)} failed: {text}")


def _uv() -> str:
    """uv: named by PRODML_UV, installed by `make setup`, or on the PATH."""
    local = ROOT / ".local" / "tools" / "bin" / "uv"
    named = os.environ.get("PRODML_UV") or (str(local) if local.exists() else shutil.which("uv"))
    if not named:
        raise RuntimeError("uv was not found. Run `make setup`, or name it with PRODML_UV.")
    return named
