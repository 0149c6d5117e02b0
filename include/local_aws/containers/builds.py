"""Build the environment of an image, or extend one, with uv."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from pathlib import Path

from . import cpu_builds
from .bytecode import compile_modules
from .image import Packages
from .requirements import BuildFailed, CommandFailed
from .uv import uv_output

PARTIAL = ".partial-"  # prefix of a build in progress; the server's process id follows
# AWS corrects this line of its image as well: the class moved in Python 3.10.
MOVED = ("sagemaker_containers/_mapping.py", "collections.Mapping", "collections.abc.Mapping")


async def make(
    home: Path, packages: Packages, interpreter: str, extra: tuple[str, ...], base: Path | None
) -> None:
    """Build an environment in another folder and move it, so that a kill leaves no partial one.

    An environment can be moved: its programs use the interpreter in their own folder.
    """
    partial = home.with_name(f"{home.name}{PARTIAL}{os.getpid()}")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        if base:
            await _extend(base.parents[1], partial, extra)
        else:
            await _build(partial, packages, interpreter)
        with contextlib.suppress(OSError):  # another server finished the same one first
            partial.rename(home)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


async def _build(home: Path, packages: Packages, interpreter: str) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    await uv_output("venv", "--quiet", "--relocatable", "--python", interpreter, str(home))
    # A lock is complete: nothing is resolved, so that no package's own limits matter.
    options = ("--no-deps",) if packages.lock else ()
    torch = cpu_builds.torch_in(packages.requirements)
    lines = [line for line in packages.requirements + packages.lock if line != torch]
    if torch:
        await _install_torch(home, torch, *options)
    if lines:
        await _pip(home, *options, *lines)
    _correct(home)
    await compile_modules(home)


async def _install_torch(home: Path, torch: str, *options: str) -> None:
    """Install PyTorch, and torchvision if it can be had, as builds for CPUs."""
    try:
        await _for_cpus(home, f"{torch}+cpu", *options)
    except BuildFailed as failed:
        raise BuildFailed(
            f"{failed}\nIf PyTorch's index cannot be reached, put its wheel for CPUs into a "
            "folder, and set PIP_FIND_LINKS to the folder."
        ) from None
    cpu_builds.write_constraints(home, torch)
    vision = cpu_builds.companions(torch)[0]
    try:
        await _for_cpus(home, vision, "--no-deps")
    except BuildFailed:
        (home / cpu_builds.MISSING).write_text(vision)


async def _for_cpus(home: Path, *arguments: str) -> None:
    """Install from a folder of wheels that the user may have, else from PyTorch's index."""
    try:
        await _pip(home, *arguments)
    except BuildFailed:
        await _pip(home, "--torch-backend", "cpu", *arguments)


async def _extend(base: Path, home: Path, extra: tuple[str, ...]) -> None:
    """Build *base* with more packages; uv replaces files, so that hard links are safe."""
    await asyncio.to_thread(shutil.copytree, base, home, symlinks=True, copy_function=os.link)
    listed = home / "extra.txt"
    listed.write_text("\n".join(extra))
    options = ["--only-binary", ":all:", "--requirement", str(listed)]
    if only := cpu_builds.constraints(home):
        try:
            await _for_cpus(home, *options, "--constraint", str(only))
        except CommandFailed as failed:
            raise BuildFailed(cpu_builds.refusal(home, failed.output)) from None
    else:
        await _pip(home, *options)
    await compile_modules(home)


async def _pip(home: Path, *arguments: str) -> None:
    python = str(home / "bin" / "python")
    await uv_output("pip", "install", "--quiet", "--python", python, *arguments)


def _correct(home: Path) -> None:
    """Correct the line of AWS's older toolkit that newer versions of Python cannot import."""
    file, old, new = MOVED
    for path in home.glob(f"lib/python3*/site-packages/{file}"):
        text = (
            path.read_text()
            .replace(old, new)
            .replace("import collections\n", "import collections.abc\n")
        )
        path.unlink()  # it may be a link into uv's cache
        path.write_text(text)
