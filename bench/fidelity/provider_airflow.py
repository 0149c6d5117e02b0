"""Run the Amazon provider's system-test DAGs on the embedded AWS: a plugin of pytest.

Each file is a DAG and the test that runs it. Three modules of Airflow's own test package, which
is in no release, have the same effect here; the rest of the tests is what the provider ships.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.report import ROOT
from include.local_aws.testing import running_server

ROLE = "arn:aws:iam::000000000000:role/prodml"
FOLDER, DAGS = "system/amazon/aws", "example_sagemaker*.py"
BUILDS_IMAGE = "example_sagemaker"
_OPEN = contextlib.ExitStack()


def pytest_load_initial_conftests() -> None:
    """Replace the modules before the provider's conftest.py names them."""
    _module("tests_common")
    _module("tests_common.pytest_plugin")
    _module("tests_common.test_utils")
    _module("tests_common.test_utils.version_compat", AIRFLOW_V_3_0_PLUS=True)
    _module("tests_common.test_utils.watcher", watcher=_watcher)
    _module("tests_common.test_utils.system_tests", get_test_run=_get_test_run)


def pytest_configure(config: pytest.Config) -> None:
    """Start the server, and make an Airflow with these DAGs, before any is imported."""
    home = Path(_OPEN.enter_context(tempfile.TemporaryDirectory()))
    server = _OPEN.enter_context(running_server(home / "aws", time_scale=60))
    os.environ.update(server.environment())
    os.environ.update(
        {
            "AIRFLOW_HOME": str(home / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
            "AIRFLOW__CORE__UNIT_TEST_MODE": "false",
            "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
            "PYTHONPATH": str(ROOT),
            "ROLE_ARN": ROLE,
        }
    )
    dags = home / "airflow" / "dags"
    dags.mkdir(parents=True)
    for path in (config.rootpath / FOLDER).glob(DAGS):
        (dags / path.name).symlink_to(path)
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the DAG that builds an image, where there is no Docker."""
    for item in items:
        if item.path.stem == BUILDS_IMAGE and not _has_docker():
            item.add_marker(pytest.mark.skip(reason="builds an image with Docker"))


def _has_docker() -> bool:
    """Return whether a Docker engine answers."""
    command = ["docker", "info"]
    return (
        bool(shutil.which("docker")) and not subprocess.run(command, capture_output=True).returncode
    )


def pytest_unconfigure() -> None:
    """Stop the server."""
    _OPEN.close()


def _module(name: str, **members: Any) -> None:
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def _watcher() -> Any:
    """Return a task that fails if another one failed, whatever the teardown did."""
    from airflow.sdk import BaseOperator, TriggerRule

    class Watcher(BaseOperator):
        def execute(self, context: Any) -> None:
            raise RuntimeError("Failing task because one or more upstream tasks failed.")

    return Watcher(task_id="watcher", trigger_rule=TriggerRule.ONE_FAILED, retries=0)


def _get_test_run(dag: Any, **options: Any) -> Callable[[], None]:
    def test_run() -> None:
        run = dag.test(**options)
        states = {task.task_id: str(task.state) for task in run.get_task_instances()}
        failed = [name for name, state in states.items() if state == "failed"]
        assert str(run.state) == "success", f"failed tasks: {', '.join(failed)}; {states}"

    return test_run
