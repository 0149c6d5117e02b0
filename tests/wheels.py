"""Build a wheel of this project, and install it into an environment that has nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.root import ROOT

UV = str(ROOT / ".local" / "tools" / "bin" / "uv")


def installed(source: Path, folder: Path, *options: str) -> Path:
    """Return the interpreter of a new environment in *folder* with the wheel of *source*.

    :param options: Options of `uv pip install`.
    """
    wheels, home = folder / "wheels", folder / "environment"
    _run(UV, "build", "--quiet", "--wheel", "--out-dir", str(wheels), str(source))
    (wheel,) = wheels.glob("*.whl")
    _run(UV, "venv", "--quiet", "--python", sys.executable, str(home))
    python = home / "bin" / "python"
    _run(UV, "pip", "install", "--quiet", "--python", str(python), *options, str(wheel))
    return python


def run(python: Path, *arguments: str, folder: Path, **variables: str) -> str:
    """Return the output of a command of *python*'s environment, run in *folder*."""
    command = [str(python.with_name(arguments[0])), *arguments[1:]]
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return _run(*command, cwd=folder, env=inherited | variables)


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return done.stdout
