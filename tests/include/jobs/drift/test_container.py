"""A job's files lie below the base folder that its container has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SAY = "from include.jobs.drift.container import INSTANCES, say; say('é' * 2000); print(INSTANCES)"


def test_the_message_is_left_below_the_base_folder(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SAY],
        env=os.environ | {"SAGEMAKER_BASE_DIR": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert (tmp_path / "output" / "message").read_text() == "é" * 1024
    assert done.stdout.splitlines() == ["é" * 2000, f"{tmp_path}/config/resourceconfig.json"]
