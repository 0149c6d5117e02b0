"""Python environments of images: built by uv on first use, and cached by their content."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from .confinement import follow_server
from .image import ROOT, Image, Packages
from .reaped import reaped
from .requirements import BuildFailed

Log = Callable[[str], None]
PYTHON = "3.11"  # older versions of scikit-learn and numpy have no wheels for newer ones
PARTIAL = ".partial-"  # prefix of a build in progress; the server's process id follows
SUBSTITUTED = "substituted.txt"  # in an environment with newer packages than its image
# uv has its own variables; the user's settings for pip apply to it as well.
PIP_SETTINGS = {
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
}


class Environments:
    """The cache of environments; two jobs that need the same one build it once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        _remove_partial(root)
        self._locks: dict[str, asyncio.Lock] = {}

    async def of(self, image: Image, log: Log, extra: tuple[str, ...] = ()) -> Path:
        """Return the interpreter of *image*'s environment with the job's *extra* requirements."""
        python = await self.python(image.packages, log, extra)
        substituted = python.parents[1] / SUBSTITUTED
        if substituted.exists():
            log(f"{image.name} runs {substituted.read_text()}: its version is not available here.")
        return python

    async def python(self, packages: Packages, log: Log, extra: tuple[str, ...] = ()) -> Path:
        """Return the interpreter of the environment with *packages* and their dependencies.

        *extra* comes from a job: only wheels are installed, so that none of its code runs outside
        of a sandbox.

        :raises BuildFailed: uv cannot install a package.
        """
        digest = packages.with_extra(extra)
        home = self._root / digest
        async with self._locks.setdefault(digest, asyncio.Lock()):
            if not home.exists():
                wanted = ", ".join(packages.requirements + extra)
                log(f"Building the environment of the image: {wanted}")
                base = await self.python(packages, log) if extra else None
                await _make(home, packages, extra, base)
        return home / "bin" / "python"


async def _make(home: Path, packages: Packages, extra: tuple[str, ...], base: Path | None) -> None:
    """Build an environment in another folder and move it, so that a kill leaves no partial one.

    An environment can be moved: its programs use the interpreter in their own folder.
    """
    partial = home.with_name(f"{home.name}{PARTIAL}{os.getpid()}")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        if base:
            await _extend(base.parents[1], partial, extra)
        else:
            await _build(partial, packages)
        with contextlib.suppress(OSError):  # another server finished the same one first
            partial.rename(home)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _remove_partial(root: Path) -> None:
    """Remove the partial builds of servers that were killed."""
    for partial in root.glob(f"*{PARTIAL}*"):
        pid = int(partial.name.rpartition(PARTIAL)[2])
        if pid == os.getpid() or not psutil.pid_exists(pid):
            shutil.rmtree(partial, ignore_errors=True)


async def _build(home: Path, packages: Packages) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    await _run(_uv(), "venv", "--quiet", "--relocatable", "--python", _interpreter(), str(home))
    lock = home / "lock.txt"
    lock.write_text("\n".join(packages.lock))
    try:
        await _install(home, packages.requirements, "--constraint", str(lock))
    except BuildFailed:
        if not packages.nearest:
            raise
        await _install(home, packages.nearest)
        (home / SUBSTITUTED).write_text(packages.nearest[0])
    await _compile(home)


async def _extend(base: Path, home: Path, extra: tuple[str, ...]) -> None:
    """Build *base* with more packages; uv replaces files, so that hard links are safe."""
    await asyncio.to_thread(shutil.copytree, base, home, symlinks=True, copy_function=os.link)
    listed = home / "extra.txt"
    listed.write_text("\n".join(extra))
    await _pip(home, "--only-binary", ":all:", "--requirement", str(listed))
    await _compile(home)


async def _install(home: Path, requirements: tuple[str, ...], *options: str) -> None:
    """Install packages; PyTorch as a CPU build, since PyPI has CUDA builds of gigabytes."""
    if not requirements:
        return
    torch = next((r for r in requirements if r.startswith("torch==")), None)
    if torch is None:
        await _pip(home, *options, *requirements)
        return
    local = tuple(f"{r}+cpu" if r == torch else r for r in requirements)
    try:  # the user may have a folder of wheels
        await _pip(home, *options, *local)
    except BuildFailed:
        await _torch_index(home, *options, *requirements)


async def _torch_index(home: Path, *arguments: str) -> None:
    try:
        await _pip(home, "--torch-backend", "cpu", *arguments)
    except BuildFailed as failed:
        raise BuildFailed(
            f"{failed}\nIf PyTorch's index cannot be reached, put its wheel for CPUs into a "
            "folder, and set PIP_FIND_LINKS to the folder."
        ) from None


async def _pip(home: Path, *arguments: str) -> None:
    python = str(home / "bin" / "python")
    await _run(_uv(), "pip", "install", "--quiet", "--python", python, *arguments)


async def _compile(home: Path) -> None:
    """Compile what containers import, which cannot write to the environment.

    The packages' own tests are half of the files. No code of a package runs: `-S` skips `.pth`.
    """
    python = str(home / "bin" / "python")
    options = ("-q", "-q", "-j", "0", "-x", re.escape(f"{os.sep}tests{os.sep}"))
    with contextlib.suppress(BuildFailed):  # a file of another version of Python stays as it is
        await _run(python, "-I", "-S", "-m", "compileall", *options, str(home / "lib"))


async def uv_output(*arguments: str, given: str = "") -> str:
    """Return the output of uv for *arguments* with *given* as input; raise BuildFailed."""
    return await _run(_uv(), *arguments, given=given)


async def _run(*command: str, given: str = "") -> str:
    settings = {uv: os.environ[pip] for pip, uv in PIP_SETTINGS.items() if pip in os.environ}
    order = reaped(list(command), settings | dict(os.environ), Path("/"))
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
        raise BuildFailed(f"{' '.join(command)} failed: {text}")
    return text


def _interpreter() -> str:
    """Return this interpreter if it has the images' version of Python; else have uv search it."""
    same = sys.version_info[:2] == tuple(map(int, PYTHON.split(".")))
    return sys.executable if same else PYTHON


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
