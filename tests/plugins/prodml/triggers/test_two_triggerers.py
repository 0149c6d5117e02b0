"""A triggerer that another one took for dead stops no job; a Clear still stops it at once."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from airflow.triggers.base import BaseTrigger

from tests import preloaded
from tests.plugins.runs import ROLE, processing_request


@pytest.fixture
def job(sagemaker: Any, unique: str) -> str:
    request = processing_request() | {"RoleArn": ROLE}
    request["AppSpecification"] |= {"ContainerEntrypoint": ["sleep", "3600"]}
    sagemaker.create_processing_job(ProcessingJobName=unique, **request)
    return unique


@pytest.mark.skipif(not hasattr(BaseTrigger, "on_kill"), reason="Airflow 3.2: the sweep stops it")
def test_only_the_triggerer_whose_task_was_cleared_stops_its_job(job: str, tmp_path: Path) -> None:
    module, file = "tests.plugins.prodml.triggers.two_triggerers", tmp_path / "statuses.json"
    variables = {
        "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags"),
        "AIRFLOW_CONN_AWS_DEFAULT": os.environ["AIRFLOW_CONN_AWS_DEFAULT"],
    }
    preloaded.run(module, job, file, home=tmp_path, log=tmp_path / "log", more=variables)
    result = json.loads(file.read_text())
    assert result["taken over"] == "InProgress"
    assert result["cleared"] in ("Stopping", "Stopped")
