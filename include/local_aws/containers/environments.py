"""Python environments of images: built on first use by uv, then found again by their content."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from .images import ROOT, Image, requirements_digest
from .requirements import BuildFailed

Log = Callable[[str], None]
SUBSTITUTED = "substituted.txt"  # in an environment that holds newer packages than its image
# uv has settings of its own; what the user told pip holds for it too.
PIP_SETTINGS = {
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
}


class Environments:
    """The cache of environments; two jobs that want the same one build it once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._locks: dict[str, asyncio.Lock] = {}

    async def of(self, image: Image, log: Log, extra: tuple[str, ...] = ()) -> Path:
        """The interpreter of *image*'s environment, with *extra* requirements of the job's."""
        python = await self.python(image.requirements, log, image.nearest, extra)
        substituted = python.parents[1] / SUBSTITUTED
        if substituted.exists():
            log(f"{image.name} runs {substituted.read_text()}: its own version cannot be had here.")
        return python

    async def python(
        self,
        requirements: tuple[str, ...],
        log: Log,
        nearest: tuple[str, ...] = (),
        extra: tuple[str, ...] = (),
    ) -> Path:
        """The interpreter of the environment that holds *requirements* and what they need.

        *nearest* is installed where they cannot be had. *extra* comes from a job: only wheels are
        taken, so that nothing of it runs outside of a sandbox. Raises BuildFailed.
        """
        digest = requirements_digest(requirements + extra)
        home = self._root / digest
        async with self._locks.setdefault(digest, asyncio.Lock()):
            if not home.exists():
                log(f"Building the image's environment once: {', '.join(requirements + extra)}")
                base = await self.python(requirements, log, nearest) if extra else None
                await _make(home, requirements, nearest, extra, base)
        return home / "bin" / "python"


async def _make(
    home: Path,
    requirements: tuple[str, ...],
    nearest: tuple[str, ...],
    extra: tuple[str, ...],
    base: Path | None,
) -> None:
    """Built beside its place and moved there whole, so that a kill leaves nothing half-made."""
    partial = home.with_name(f"{home.name}.partial-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    if base:
        await _extend(base.parents[1], partial, extra)
    else:
        await _build(partial, requirements, nearest)
    try:
        partial.rename(home)
    except OSError:  # another server finished the same one first
        shutil.rmtree(partial, ignore_errors=True)


async def _build(home: Path, requirements: tuple[str, ...], nearest: tuple[str, ...]) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    await _run(_uv(), "venv", "--quiet", "--python", sys.executable, str(home))
    try:
        await _install(home, requirements)
    except BuildFailed:
        if not nearest:
            raise
        await _install(home, nearest)
        (home / SUBSTITUTED).write_text(nearest[0])


async def _extend(base: Path, home: Path, extra: tuple[str, ...]) -> None:
    """*base* and more: files are linked, as uv replaces what it changes and writes into none."""
    await asyncio.to_thread(shutil.copytree, base, home, symlinks=True, copy_function=os.link)
    listed = home / "extra.txt"
    listed.write_text("\n".join(extra))
    await _pip(home, "--only-binary", ":all:", "--requirement", str(listed))


async def _install(home: Path, requirements: tuple[str, ...]) -> None:
    """PyTorch from PyPI is a CUDA build of gigabytes: only CPU builds are ever asked for."""
    if not requirements:
        return
    torch = next((r for r in requirements if r.startswith("torch==")), None)
    if torch is None:
        await _pip(home, *requirements)
        return
    local = tuple(f"{r}+cpu" if r == torch else r for r in requirements)
    try:  # a folder of wheels that the user has
        await _pip(home, *local)
    except BuildFailed:
        await _torch_index(home, *requirements)


async def _torch_index(home: Path, *requirements: str) -> None:
    try:
        await _pip(home, "--torch-backend", "cpu", *requirements)
    except BuildFailed as failed:
        raise BuildFailed(
            f"{failed}\nWhere PyTorch's own index cannot be reached, put its wheel for CPUs into a "
            "folder, and name the folder with PIP_FIND_LINKS."
        ) from None


async def _pip(home: Path, *arguments: str) -> None:
    python = str(home / "bin" / "python")
    install = ("pip", "install", "--quiet", "--compile-bytecode", "--python", python)
    await _run(_uv(), *install, *arguments)


async def _run(*command: str) -> None:
    settings = {uv: os.environ[pip] for pip, uv in PIP_SETTINGS.items() if pip in os.environ}
    process = await asyncio.create_subprocess_exec(
        *command,
        env=settings | dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode:
        text = output.decode(errors="replace").strip()
        raise BuildFailed(f"{' '.join(command)} failed: {text}")


def _uv() -> str:
    """uv: named by PRODML_UV, installed by `make setup`, or on the PATH."""
    local = ROOT / ".local" / "tools" / "bin" / "uv"
    named = os.environ.get("PRODML_UV") or (str(local) if local.exists() else shutil.which("uv"))
    if not named or not shutil.which(named):
        raise BuildFailed(
            f"uv was not found{f' at {named}' if named else ''}. Run `make setup`, or name it with "
            "PRODML_UV."
        )
    return named
