"""A triggerer that another one took for dead stops no job; a Clear still stops it at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.triggers.base import BaseTrigger

from tests.plugins.runs import ROLE, processing_request
from tests.root import ROOT


@pytest.fixture
def job(sagemaker: Any, unique: str) -> str:
    request = processing_request() | {"RoleArn": ROLE}
    request["AppSpecification"] |= {"ContainerEntrypoint": ["sleep", "3600"]}
    sagemaker.create_processing_job(ProcessingJobName=unique, **request)
    return unique


@pytest.mark.skipif(not hasattr(BaseTrigger, "on_kill"), reason="Airflow 3.2: the sweep stops it")
def test_only_the_triggerer_whose_task_was_cleared_stops_its_job(job: str, tmp_path: Path) -> None:
    where = {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "plugins")]),
    }
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("two_triggerers.py")), job],
        env=os.environ | where,
        capture_output=True,
        text=True,
        timeout=550,
    )
    assert done.returncode == 0, done.stderr[-5000:] + done.stdout[-5000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["taken over"] == "InProgress"
    assert result["cleared"] in ("Stopping", "Stopped")
