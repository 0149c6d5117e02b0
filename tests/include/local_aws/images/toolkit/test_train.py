"""The toolkit's entry point, executed in its environment."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from include.local_aws.containers.image import FOLDER

# A stand-in for paramiko has no file. The toolkit has read the region, which a variable states.
STARTS = """
import os, sys

def main():
    assert not hasattr(sys.modules["paramiko"], "__file__")
    assert "botocore" not in sys.modules
    assert os.environ["SAGEMAKER_REGION"] == "eu-west-1"
    open("model/started", "w").close()
"""
SENDS = """
import boto3
from sagemaker_training import files, intermediate_output

def main():
    assert boto3.__file__
    assert files.boto3.resource is boto3.resource
    assert intermediate_output.boto3.session.Session is not boto3.session.Session
    assert intermediate_output.s3transfer.S3Transfer is boto3.s3.transfer.S3Transfer
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
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    command = [str(toolkit), str(FOLDER / "toolkit" / "train.py")]
    return subprocess.run(
        command, env=os.environ | variables, cwd=base, capture_output=True, text=True
    )


def test_the_training_module_starts_without_imports_that_it_does_not_use(
    toolkit: Path, tmp_path: Path
) -> None:
    done = run(toolkit, tmp_path, STARTS)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model" / "started").exists()


def test_scripts_get_boto3_and_the_toolkit_too_where_it_calls_s3(
    toolkit: Path, tmp_path: Path
) -> None:
    done = run(toolkit, tmp_path, SENDS)
    assert done.returncode == 0, done.stderr


def test_its_error_is_the_jobs_failure(toolkit: Path, tmp_path: Path) -> None:
    done = run(toolkit, tmp_path, FAILS)
    assert done.returncode == 1
    assert "no data" in (tmp_path / "output" / "failure").read_text()
