"""Python environments of images: built by uv on first use, and cached by their content."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import psutil

from .builds import PARTIAL, make
from .cpu_builds import MISSING
from .image import Image, Packages
from .interpreters import interpreter
from .requirements import BuildFailed

Log = Callable[[str], None]
INSTEAD = ".instead"  # suffix of the mark of packages that cannot be installed here


class Environments:
    """The cache of environments; two jobs that need the same one build it once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        _remove_partial(root)
        self._locks: dict[str, asyncio.Lock] = {}

    async def of(self, image: Image, log: Log, extra: tuple[str, ...] = ()) -> Path:
        """Return the interpreter of *image*'s environment with the job's *extra* requirements."""
        if image.warning:
            log(image.warning)
        python = await self.python(image.packages, log, extra)
        for line in image.differences(await self._usable(image.packages)):
            log(line)
        missing = python.parents[1] / MISSING
        if missing.exists():
            log(f"{image.name} has no {missing.read_text()} here: it cannot be installed.")
        return python

    async def python(self, packages: Packages, log: Log, extra: tuple[str, ...] = ()) -> Path:
        """Return the interpreter of the environment with *packages* and their dependencies.

        *extra* comes from a job: only wheels are installed, so that none of its code runs outside
        of a sandbox. If *packages* cannot be installed, those that stand for them are.

        :raises BuildFailed: uv cannot install a package.
        """
        packages = await self._usable(packages)
        try:
            return await self._built(packages, log, extra)
        except BuildFailed:
            if extra or not packages.instead:
                raise
        python = await self.python(packages.instead, log)
        # Only now: without a network both fail, and these packages are tried again.
        self._root.joinpath(f"{packages.digest}{INSTEAD}").touch()
        return python

    async def _usable(self, packages: Packages) -> Packages:
        """Return *packages*, or those that stand for them where they cannot be installed."""
        while packages.instead:
            failed = self._root.joinpath(f"{packages.digest}{INSTEAD}").exists()
            if not failed and await interpreter(packages.python):
                break
            packages = packages.instead
        return packages

    async def _built(self, packages: Packages, log: Log, extra: tuple[str, ...]) -> Path:
        base = await self.python(packages, log) if extra else None
        packages = await self._usable(packages)  # of the base
        digest = packages.with_extra(extra)
        home = self._root / digest
        async with self._locks.setdefault(digest, asyncio.Lock()):
            if not home.exists():
                wanted = ", ".join(extra or packages.requirements)
                log(f"Building the environment of the image: {wanted}")
                with_python = await interpreter(packages.python) or packages.python
                await make(home, packages, with_python, extra, base)
        return home / "bin" / "python"


def _remove_partial(root: Path) -> None:
    """Remove the partial builds of servers that were killed."""
    for partial in root.glob(f"*{PARTIAL}*"):
        pid = int(partial.name.rpartition(PARTIAL)[2])
        if pid == os.getpid() or not psutil.pid_exists(pid):
            shutil.rmtree(partial, ignore_errors=True)
