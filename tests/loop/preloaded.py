"""Processes for the steps of the loop, forked from one that has Airflow and an empty database.

Importing Airflow and creating its database takes half of the CPU time of a short world. Each world
gets a copy of the database, and everything that depends on its variables is done after the fork.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from include.local_aws.forked import ForkServer, become, served
from tests.cheap_clients import create_clients_cheaply
from tests.loop.shortcuts import share_the_execution_api, take_shortcuts

DATABASE = "airflow.db"
USED = (  # by each world, and free of the project's own modules
    "airflow.api_fastapi.app",
    "airflow.dag_processing.dagbag",
    "airflow.providers.amazon.aws.hooks.sagemaker",
    "airflow.providers.amazon.aws.operators.sagemaker",
    "airflow.providers.common.compat.sdk",
    "airflow.sdk.execution_time.task_runner",
    "boto3",
    "fastapi.testclient",
)
USED_IF_INSTALLED = ("sagemaker.core.analytics", "smexperiments.tracker")  # see requirements.txt


@functools.cache
def fork_server(root: Path) -> ForkServer:
    """Return the process that forks those of the project in *root*."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AIRFLOW"))}
    return ForkServer(root, inherited | variables(root), __name__)


def variables(root: Path) -> dict[str, str]:
    """Return the variables of an Airflow of the project in *root*, in whichever folder it is."""
    return {
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "plugins")]),
        "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",  # who answers Required Actions
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }


def home_variables(folder: Path) -> dict[str, str]:
    """Return the variables of an Airflow whose database and logs are in *folder*."""
    return {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / DATABASE}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
    }


def preload(home: Path) -> None:
    """Import what worlds use, and create an empty database in *home*."""
    os.environ.update(home_variables(home))
    from airflow import settings
    from airflow.utils.db import initdb

    initdb()
    settings.dispose_orm()  # which leaves all of the database in one file
    for name in USED:
        importlib.import_module(name)
    for name in USED_IF_INSTALLED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    share_the_execution_api()
    create_clients_cheaply()
    take_shortcuts()


def use_home(empty: Path) -> None:
    """Give this process the home in its variables, with a copy of the *empty* database."""
    settings: Any = importlib.import_module("airflow.settings")
    home = Path(os.environ["AIRFLOW_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    if not (home / DATABASE).exists():
        shutil.copy(empty / DATABASE, home)
    settings.configure_vars()
    settings.configure_logging()
    settings.configure_orm()


def main(descriptor: int) -> None:
    """Fork processes until the other side closes its end of the socket."""
    gc.set_threshold(50_000, 20, 20)  # Airflow's imports take a quarter less
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the tests, which end this
    with tempfile.TemporaryDirectory(prefix="airflow-") as folder:
        empty = Path(folder)
        preload(empty)
        gc.collect()
        gc.freeze()
        request = served(descriptor)
        if not request:
            return
        become(request)
        os._exit(_exit_code(empty))


def _exit_code(empty: Path) -> int:
    """Run the steps; return, so that nothing of the parent is run in this child."""
    from tests.loop import churn

    try:
        use_home(empty)
        churn.main()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
