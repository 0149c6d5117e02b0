"""Airflow's API server with a number of retrain DAGs: `python -m ... PORT FOLDER PIPELINES aged`.

With the word *aged*, each page request finds the responses of AWS, and the last one of its route,
too old, as after a minute. Everyone is an administrator.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bench.report import ROOT
from include.local_aws.core.processes import free_port
from include.local_aws.testing import Server, connection_to

RUNS = 10  # of each DAG
BUNDLE = "dags-folder"
DAGS = """
from datetime import UTC, datetime
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
for number in range({pipelines}):
    name = f"retrain_pipeline-{{number:02}}"
    with DAG(name, schedule="@weekly", start_date=datetime(2024, 1, 1, tzinfo=UTC), catchup=False,
             tags=["retraining"], is_paused_upon_creation=False) as globals()[name]:
        EmptyOperator(task_id="train")
"""


@contextmanager
def running_airflow(
    server: Server, folder: Path, pipelines: int, *, aged: bool = True
) -> Iterator[str]:
    """Yield the address of an API server that reads the AWS of *server*, as soon as it answers.

    :param folder: Its home, which may be that of an earlier one.
    """
    port = free_port()
    (folder / "dags").mkdir(parents=True, exist_ok=True)
    settings = {
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API_AUTH__JWT_SECRET": "bench-" * 12,
        "AIRFLOW_CONN_AWS_DEFAULT": connection_to(server.url),
        "PRODML_PRICES": str(ROOT / "include" / "data" / "prices.json"),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}",
    }
    command = [sys.executable, "-m", __name__, str(port), str(folder / "dags"), str(pipelines)]
    command += ["aged"] if aged else []
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, env=os.environ | settings, stdout=log, stderr=log, cwd=ROOT
        )
    try:
        _wait(f"http://127.0.0.1:{port}/api/v2/version", process, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"Airflow's API server did not start. Read its log:\n{log.read_text()}")


def seed(folder: Path, pipelines: int) -> None:
    """Write the DAGs into *folder* and the database, with the runs of each."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.db import initdb
    from airflow.utils.session import create_session

    initdb()
    (folder / "retrain.py").write_text(DAGS.format(pipelines=pipelines))
    bundles: Any = DagBundlesManager
    bundles().sync_bundles_to_db()
    bag = DagBag(str(folder), bundle_path=folder, bundle_name=BUNDLE)
    with create_session() as session:
        sync_bag_to_db(bag, BUNDLE, None, session=session)
    with create_session() as session:
        for dag in bag.dags:
            _run(session, dag)


def _run(session: Any, dag_id: str) -> None:
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    dag: Any = SerializedDagModel.get_dag(dag_id, session=session)
    for week in range(RUNS):
        after = datetime(2026, 11, 29, tzinfo=UTC) - timedelta(weeks=week)
        dag.create_dagrun(
            run_id=f"manual__{after:%Y-%m-%d}",
            run_after=after,
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState.SUCCESS,
            session=session,
        )


def main(port: int, folder: Path, pipelines: int, aged: bool) -> None:
    import uvicorn

    if not any(folder.iterdir()):
        seed(folder, pipelines)
    from airflow.api_fastapi.app import create_app
    from prodml.studio.reader import MINUTE, reader
    from prodml.ui import snapshots

    if aged:
        reader()._clock = count(step=2 * MINUTE).__next__
        snapshots.FRESH = 0.0
    uvicorn.run(create_app(apps="core"), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), "aged" in sys.argv)
