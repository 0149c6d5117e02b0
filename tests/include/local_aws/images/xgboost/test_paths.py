"""The paths in the container."""

from __future__ import annotations

import subprocess
import sys

from include.local_aws.containers.image import FOLDER
from tests.include.local_aws.images.interpreter import Interpreter

PATHS = "from paths import CONFIG, DATA, MODEL, OUTPUT\n"


def test_a_base_folder_moves_them_all(xgboost: Interpreter) -> None:
    paths = xgboost.run(f"{PATHS}answer = [str(p) for p in (CONFIG, DATA, MODEL, OUTPUT)]")
    parts = ("input/config", "input/data", "model", "output")
    assert paths == [str(xgboost.base / part) for part in parts]


def test_without_one_they_are_sagemakers() -> None:
    command = [sys.executable, "-c", f"{PATHS}print(CONFIG, DATA, MODEL, OUTPUT)"]
    process = subprocess.run(
        command, cwd=FOLDER / "xgboost", env={}, capture_output=True, text=True, check=True
    )
    assert process.stdout.split() == [
        *("/opt/ml/input/config", "/opt/ml/input/data", "/opt/ml/model", "/opt/ml/output")
    ]
