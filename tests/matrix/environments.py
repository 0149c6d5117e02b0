"""Environments by version of Python and of Airflow, each with a lock."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.root import ROOT

HERE = Path(__file__).parent
LOCKS = HERE / "locks"
HOMES = ROOT / ".local" / "envs"
UV = ROOT / ".local" / "tools" / "bin" / "uv"
STAMP = "lock.txt"  # in an environment: the lock that was installed
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))


class MissingPythonError(RuntimeError):
    """The machine has no interpreter of a version."""


@dataclass(frozen=True)
class Environment:
    """One combination of versions; *mwaa* is the version of Amazon MWAA that it has."""

    name: str
    python: str
    airflow: str
    mwaa: bool = False

    @property
    def lock(self) -> Path:
        if self.name == MAIN:
            return ROOT / "requirements.lock"
        return LOCKS / f"{self.name}.txt"

    @property
    def home(self) -> Path:
        return HOMES / self.name

    @property
    def interpreter(self) -> Path:
        return self.home / "bin" / "python"

    def is_ready(self) -> bool:
        stamp = self.home / STAMP
        return stamp.exists() and stamp.read_text() == self.lock.read_text()

    def prepare(self) -> None:
        """Install the lock, unless the environment has it.

        :raises MissingPythonError: The machine has no interpreter of the version.
        """
        if self.is_ready():
            return
        python = interpreter_of(self.python)
        _uv("venv", "--quiet", "--clear", "--python", str(python), str(self.home))
        target = ("--python", str(self.interpreter))
        _uv("pip", "sync", "--quiet", *target, str(self.lock))
        (self.home / STAMP).write_text(self.lock.read_text())


MAIN = "python-3.11-airflow-3.3"  # the environment of `make setup`
AIRFLOWS = {"3.2": "3.2.2", "3.3": "3.3.2"}
PYTHONS = ("3.11", "3.12", "3.13")
ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        *(
            Environment(f"python-{python}-airflow-{short}", python, airflow)
            for python in PYTHONS
            for short, airflow in AIRFLOWS.items()
        ),
        Environment("mwaa-3.2.1", "3.12", "3.2.1", mwaa=True),
        Environment("mwaa-3.3.1", "3.12", "3.3.1", mwaa=True),
    )
}
OLDEST, NEWEST = "python-3.11-airflow-3.2", "python-3.13-airflow-3.3"


def interpreter_of(version: str) -> Path:
    """Return an interpreter of *version*: on the PATH, or of pyenv."""
    on_path = shutil.which(f"python{version}")
    candidates = [Path(on_path)] if on_path else []
    candidates += sorted(PYENV.glob(f"versions/{version}.*/bin/python"), reverse=True)
    for candidate in candidates:
        if _runs(candidate, version):
            return candidate
    raise MissingPythonError(
        f"No Python {version} on the PATH or in {PYENV}. Install it, such as by "
        f"`pyenv install {version}`."
    )


def _runs(python: Path, version: str) -> bool:
    """Return whether *python* is of *version*: a shim of pyenv may run nothing."""
    done = subprocess.run([str(python), "--version"], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.startswith(f"Python {version}.")


def _uv(*arguments: str) -> None:
    subprocess.run([str(UV), *arguments], check=True)
