"""Compile the modules of an environment, but for those that another environment has compiled."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from pathlib import Path

from .requirements import BuildFailed
from .uv import output_of

CACHE = "__pycache__"  # the folder in which Python keeps the bytecode of modules


async def compile_modules(home: Path) -> None:
    """Compile what containers of the environment *home* import: they cannot write to it.

    The packages' own tests are half of the files. No code of a package runs: `-S` skips `.pth`.
    The other environments are in the same folder.
    """
    others = [folder for folder in home.parent.iterdir() if folder != home and folder.is_dir()]
    await asyncio.to_thread(_share, home, others)
    python = str(home / "bin" / "python")
    options = ("-q", "-q", "-j", "0", "-x", re.escape(f"{os.sep}tests{os.sep}"))
    with contextlib.suppress(BuildFailed):  # a file of another version of Python stays as it is
        await output_of(python, "-I", "-S", "-m", "compileall", *options, str(home / "lib"))


def _share(home: Path, others: list[Path]) -> None:
    """Link the bytecode of other environments for sources that uv has linked into them too.

    These are two thirds of the known images' modules. Python compares the source's time and size
    with those in its bytecode, and corrects the path in it.
    """
    for folder, _, names in os.walk(home / "lib"):
        modules = {name for name in names if name.endswith(".py")}
        for other in others if modules else ():
            modules -= _share_folder(Path(folder), other / Path(folder).relative_to(home), modules)


def _share_folder(ours: Path, theirs: Path, modules: set[str]) -> set[str]:
    """Link the bytecode in the folder *theirs* for the same *modules* in *ours*; return these."""
    linked = set()
    with contextlib.suppress(FileNotFoundError):  # the other environment has no such folder
        for bytecode in os.listdir(theirs / CACHE):
            module = f"{bytecode.partition('.')[0]}.py"
            if module in modules and os.path.samefile(ours / module, theirs / module):
                (ours / CACHE).mkdir(exist_ok=True)
                with contextlib.suppress(OSError):  # it exists, or no file can be linked here
                    os.link(theirs / CACHE / bytecode, ours / CACHE / bytecode)
                linked.add(module)
    return linked
