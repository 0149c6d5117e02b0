"""Model Monitor's analyzer, started by the path that its container executes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from include.local_aws.containers.image import FOLDER, JOBS

PROGRAM = FOLDER / "monitor" / "process.py"


def analyzed(base: Path, **variables: str) -> tuple[int, str]:
    """Return the exit code, and the ExitMessage of the job."""
    (base / "output").mkdir()
    environment = os.environ | variables | {"SAGEMAKER_BASE_DIR": str(base)}
    environment["PYTHONPATH"] = str(JOBS)
    done = subprocess.run([sys.executable, str(PROGRAM)], env=environment, cwd=base)
    return done.returncode, (base / "output" / "message").read_text()


def test_it_suggests_a_baseline(tmp_path: Path) -> None:
    data = tmp_path / "rows.csv"
    data.write_text("x,y\n" + "".join(f"{n},{n % 2}\n" for n in range(20)))
    code, message = analyzed(
        tmp_path,
        dataset_source=str(data),
        dataset_format=json.dumps({"csv": {"header": True}}),
        output_path=str(tmp_path / "found"),
    )
    assert (code, message.split(":")[0]) == (0, "Completed")
    statistics = json.loads((tmp_path / "found" / "statistics.json").read_text())
    assert [feature["name"] for feature in statistics["features"]] == ["x", "y"]


def test_a_missing_variable_is_named(tmp_path: Path) -> None:
    code, message = analyzed(tmp_path, dataset_format='{"csv": {}}', output_path=str(tmp_path))
    assert code == 1
    assert "dataset_source" in message
