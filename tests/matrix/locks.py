"""Compile the lock of an environment: `python -m tests.matrix lock NAME [--constraint FILE ...]`.

A lock of Amazon MWAA is compiled under the constraints of its image, which are in the repository
aws/amazon-mwaa-docker-images: `airflow_constraints.txt` and `mwaa_essential_constraints.txt` in
`images/airflow/VERSION/etc`. Give the path of both.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.matrix.environments import HERE, UV, Environment, interpreter_of
from tests.root import ROOT

# What an older Airflow does not work with in newer versions.
OLDER = {
    # Its API fails to start on newer ones; by svcs 26 it fails to answer in dag.test().
    "3.2.2": ("cadwyn==6.2.0", "fastapi==0.136.0", "svcs==25.1.0"),
}


def compile_lock(environment: Environment, constraints: Sequence[Path]) -> None:
    """Write the lock of *environment*."""
    if environment.mwaa and len(constraints) != 2:
        raise SystemExit(f"{environment.name} needs two --constraint. {__doc__}")
    with tempfile.TemporaryDirectory() as folder:
        pin = Path(folder) / "airflow.txt"
        pins = (f"apache-airflow=={environment.airflow}", *OLDER.get(environment.airflow, ()))
        pin.write_text("\n".join(pins))
        options = [f"--constraint={path}" for path in constraints] or [f"--override={pin}"]
        source = HERE / "mwaa.in" if environment.mwaa else ROOT / "requirements-dev.txt"
        command = [
            *(str(UV), "pip", "compile", "--quiet", "--no-header", "--no-annotate"),
            *("--python", str(interpreter_of(environment.python))),
            *(*options, str(source)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    environment.lock.write_text(_header(environment) + done.stdout)


def _header(environment: Environment) -> str:
    versions = f"Python {environment.python} and Airflow {environment.airflow}"
    source = f"# Compiled on {datetime.now(UTC):%Y-%m-%d} by `python -m tests.matrix lock`"
    if not environment.mwaa:
        return f"{source} from requirements-dev.txt, for {versions}.\n"
    return (
        f"{source} from mwaa.in, for {versions},\n# under the constraints of Amazon MWAA "
        f"{environment.airflow}: aws/amazon-mwaa-docker-images,\n"
        f"# images/airflow/{environment.airflow}/etc, as of 2026-08-20.\n"
    )
