"""Airflow's API server with one DAG, its run and its question: `python -m ... PORT FOLDER`.

It is one process with a database of its own; there is no scheduler.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

DAG = """
from datetime import UTC, datetime
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG
from airflow.sdk.definitions.timetables.interval import CronDataIntervalTimetable

WEEKLY = CronDataIntervalTimetable("@weekly", timezone="UTC")
with DAG("retrain_churn", schedule=WEEKLY, start_date=datetime(2024, 1, 1, tzinfo=UTC),
         catchup=False, tags=["churn", "retraining"], is_paused_upon_creation=False):
    ApprovalOperator(task_id="approve", subject="Deploy the new churn model?")
"""
BUNDLE = "dags-folder"


def seed(folder: Path) -> None:
    """Write the DAG into *folder* and the database, with a run that waits for an answer."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.db import initdb
    from airflow.utils.session import create_session

    initdb()
    (folder / "retrain_churn.py").write_text(DAG)
    bundles: Any = DagBundlesManager
    bundles().sync_bundles_to_db()
    bag = DagBag(str(folder), bundle_path=folder, bundle_name=BUNDLE)
    with create_session() as session:
        sync_bag_to_db(bag, BUNDLE, None, session=session)
    with create_session() as session:
        ask(session)


def ask(session: Any) -> None:
    """Create a run whose task waits for Approve or Reject."""
    from airflow.models.hitl import HITLDetail
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.state import DagRunState, TaskInstanceState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    dag: Any = SerializedDagModel.get_dag("retrain_churn", session=session)
    run = dag.create_dagrun(
        run_id="manual__2026-11-29",
        run_after=datetime(2026, 11, 29, tzinfo=UTC),
        run_type=DagRunType.MANUAL,
        triggered_by=DagRunTriggeredByType.TEST,
        state=DagRunState.RUNNING,
        session=session,
    )
    (task,) = run.get_task_instances(session=session)
    task.state = TaskInstanceState.DEFERRED
    session.add(
        HITLDetail(
            ti_id=task.id,
            options=["Approve", "Reject"],
            subject="Deploy the new churn model?",
            body="| score | this model |\n|---|---|\n| auc | 0.9410 |",
            params={},
        )
    )


def main(port: int, folder: Path) -> None:
    import uvicorn

    seed(folder)
    from airflow.api_fastapi.app import create_app
    from prodml.studio.reader import MINUTE, reader

    reader()._clock = count(step=2 * MINUTE).__next__  # a page shows what its own test has made
    uvicorn.run(create_app(apps="core"), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
