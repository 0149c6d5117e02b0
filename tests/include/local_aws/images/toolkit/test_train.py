"""The toolkit's entry point, executed in its environment."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from include.local_aws.containers.image import FOLDER

# A stand-in for paramiko has no file.
STARTS = """
import sys

def main():
    assert not hasattr(sys.modules["paramiko"], "__file__")
    open("model/started", "w").close()
"""
FAILS = """
def main():
    raise RuntimeError("no data")
"""
CONFIG = {
    "hyperparameters": {},
    "inputdataconfig": {},
    "resourceconfig": {"current_host": "algo-1", "hosts": ["algo-1"]},
}


def run(toolkit: Path, base: Path, entry: str) -> subprocess.CompletedProcess[str]:
    for folder in ("input/config", "input/data", "model", "output"):
        (base / folder).mkdir(parents=True)
    for name, document in CONFIG.items():
        (base / "input" / "config" / f"{name}.json").write_text(json.dumps(document))
    (base / "entry.py").write_text(entry)
    variables = {
        "SAGEMAKER_BASE_DIR": str(base),
        "SAGEMAKER_TRAINING_MODULE": "entry:main",
        "PYTHONPATH": str(base),
    }
    command = [str(toolkit), str(FOLDER / "toolkit" / "train.py")]
    return subprocess.run(
        command, env=os.environ | variables, cwd=base, capture_output=True, text=True
    )


def test_the_training_module_starts_without_mpis_imports(toolkit: Path, tmp_path: Path) -> None:
    done = run(toolkit, tmp_path, STARTS)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model" / "started").exists()


def test_its_error_is_the_jobs_failure(toolkit: Path, tmp_path: Path) -> None:
    done = run(toolkit, tmp_path, FAILS)
    assert done.returncode == 1
    assert "no data" in (tmp_path / "output" / "failure").read_text()
