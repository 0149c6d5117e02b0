"""Processes that use Airflow, forked from one that has imported it and has an empty database.

Importing Airflow and creating its database takes half of the CPU time of a short process. Each one
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

from include.local_aws.core.garbage import collect_seldom, spare_present_objects
from include.local_aws.forked import ForkedProcess, ForkServer, become, is_needed, served
from tests.cheap_clients import create_clients_cheaply
from tests.root import ROOT

DATABASE = "airflow.db"
PROJECT = ("include", "prodml", "tests")
USED = (  # by most processes, and free of the project's own modules
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


def start(
    module: str,
    *arguments: object,
    home: Path,
    log: Path,
    root: Path = ROOT,
    more: dict[str, str] | None = None,
) -> ForkedProcess:
    """Start a process that calls `main()` of *module*, with *arguments* in `sys.argv`.

    :param home: The folder of its Airflow, whose database is empty if it has none yet.
    :param log: The file for its output.
    :param root: The folder of the project.
    :param more: Variables of its environment in addition to those of such an Airflow.
    """
    environment = _inherited() | variables(root) | home_variables(home) | (more or {})
    return fork_server().start([module, *map(str, arguments)], environment, log)


def run(module: str, *arguments: object, log: Path, **options: Any) -> None:
    """Run such a process, whose options are those of `start`; raise with its log if it fails."""
    process = start(module, *arguments, log=log, **options)
    try:
        assert process.wait() == 0, log.read_text()[-9000:]
    finally:
        process.kill()  # after a timeout of the test; it has ended otherwise


@functools.cache
def fork_server() -> ForkServer:
    """Return the process that forks the others, once there is a request."""
    return ForkServer(ROOT, _inherited() | variables(ROOT), __name__)


def _inherited() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AIRFLOW"))}


def variables(root: Path) -> dict[str, str]:
    """Return the variables of an Airflow of the project in *root*, in whichever folder it is."""
    return {
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "plugins")]),
        "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
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
    """Import what most processes use, and create an empty database in *home*."""
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


def share_the_execution_api() -> None:
    """Build Airflow's Execution API once, for all processes that have one inside themselves.

    These are triggerers, DAG processors, and in Airflow 3.2 tasks; the API server has another one.
    """
    core: Any = importlib.import_module("airflow.api_fastapi.app")
    execution: Any = importlib.import_module("airflow.api_fastapi.execution_api.app")
    shared = functools.cache(execution.InProcessExecutionAPI)
    create = execution.create_task_execution_api_app

    def create_newest(**options: Any) -> Any:
        return _of_the_newest_version(create(**options))

    for module in (core, execution):
        module.create_task_execution_api_app = create_newest
    execution.InProcessExecutionAPI = shared
    shared().app._cadwyn_initialize()


def _of_the_newest_version(app: Any) -> Any:
    """Leave out the versions for clients of older releases: to build them takes five seconds."""
    from cadwyn import HeadVersion, Version, VersionBundle
    from cadwyn.route_generation import _DELETED_ROUTE_TAG

    newest = Version(app.versions.versions[0].value)
    variable = app.versions.api_version_var
    app.versions = VersionBundle(HeadVersion(), newest, api_version_var=variable)
    routes = app._latest_version_router.routes
    routes[:] = [route for route in routes if _DELETED_ROUTE_TAG not in route.tags]
    return app


def use_home(empty: Path) -> None:
    """Give this process the home in its variables, with a copy of the *empty* database."""
    settings: Any = importlib.import_module("airflow.settings")
    configuration: Any = importlib.import_module("airflow.configuration")
    home = Path(os.environ["AIRFLOW_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    uses_it = DATABASE in os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]  # not PostgreSQL
    if uses_it and not (home / DATABASE).exists():
        shutil.copy(empty / DATABASE, home)
    settings.AIRFLOW_HOME = configuration.AIRFLOW_HOME = str(home)
    configuration.AIRFLOW_CONFIG = configuration.get_airflow_config(str(home))
    settings.configure_vars()
    settings.configure_logging()
    settings.configure_orm()


def use_project() -> None:
    """Import the project from the folder in this process's variables, which may be a copy."""
    path = os.environ["PYTHONPATH"].split(os.pathsep)
    if path[0] == str(ROOT):
        return
    for name in [name for name in sys.modules if name.partition(".")[0] in PROJECT]:
        del sys.modules[name]
    others = (str(ROOT), *(str(ROOT / folder) for folder in ("dags", "plugins")))
    sys.path[:] = path + [entry for entry in sys.path if entry not in others]
    os.chdir(path[0])


def main(descriptor: int) -> None:
    """Fork processes until the other side closes its end of the socket."""
    if not is_needed(descriptor):
        return
    collect_seldom()  # Airflow's imports take a quarter less
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the tests, which end this
    with tempfile.TemporaryDirectory(prefix="airflow-") as folder:
        empty = Path(folder)
        preload(empty)
        gc.collect()
        spare_present_objects()
        request = served(descriptor)
        if not request:
            return
        become(request)
        os._exit(_exit_code(empty))


def _exit_code(empty: Path) -> int:
    """Call `main()` of the module that is the first argument; return, so that nothing else runs."""
    try:
        use_home(empty)
        use_project()
        importlib.import_module(sys.argv.pop(1)).main()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
