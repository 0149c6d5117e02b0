"""The bytecode of environments: compiled once, also for modules that several of them have."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import Packages

FIRST = Packages(("colorama==0.4.6", "iniconfig==2.1.0"))
SECOND = Packages(("colorama==0.4.6", "iniconfig==2.0.0"))


def bytecode(home: Path, module: str) -> Path:
    (path,) = home.glob(f"lib/python*/site-packages/{module}/__pycache__/__init__.*.pyc")
    return path


def is_linked(home: Path) -> bool:
    """Return whether uv links files, which it copies if its cache is on another file system."""
    (source,) = home.glob("lib/python*/site-packages/colorama/__init__.py")
    return source.stat().st_nlink > 1


def test_environments_share_the_bytecode_of_the_same_files_only(tmp_path: Path) -> None:
    environments = Environments(tmp_path)
    first, second = (
        asyncio.run(environments.python(packages, print)).parents[1] for packages in (FIRST, SECOND)
    )
    shared = bytecode(first, "colorama").samefile(bytecode(second, "colorama"))
    assert shared == is_linked(first)
    assert not bytecode(first, "iniconfig").samefile(bytecode(second, "iniconfig"))
    code = "import colorama, sys; print(colorama.init.__code__.co_filename, colorama.__cached__)"
    command = [str(second / "bin" / "python"), "-I", "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert all(path.startswith(f"{second}/") for path in printed.split())


def test_an_environment_without_bytecode_shares_none(tmp_path: Path) -> None:
    """Such as one that another server is building, or whose Python could not compile it."""
    first = asyncio.run(Environments(tmp_path).python(FIRST, print)).parents[1]
    shutil.rmtree(bytecode(first, "colorama").parent)
    second = asyncio.run(Environments(tmp_path).python(SECOND, print)).parents[1]
    assert bytecode(second, "colorama").stat().st_nlink == 1
