"""`python -m include.demo.migration`: bring Airflow's database to the installed version, once."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from include.demo import environment as env


def stamp() -> Path:
    """Return the file that says which version the database was made for; it goes with the data."""
    return env.POSTGRES / "migrated"


def is_done() -> bool:
    """Return True if the database is of the installed version; starts no Airflow, which is slow."""
    return stamp().exists() and stamp().read_text() == _installed()


def migrate() -> int:
    """Run Airflow's migrations; return their exit code."""
    program = Path(sys.executable).with_name("airflow")
    done = subprocess.run([str(program), "db", "migrate"])
    if done.returncode == 0:
        stamp().write_text(_installed())
    return done.returncode


def _installed() -> str:
    return version("apache-airflow-core")


if __name__ == "__main__":
    sys.exit(migrate())
