"""Airflow's API server with a question and some deployments, in a process of tests/preloaded.py.

It has a database of its own; there is no scheduler. The arguments are its port and DAGs' folder.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.root import ROOT

DAG = """
from datetime import UTC, datetime
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import DAG
from airflow.sdk.definitions.timetables.interval import CronDataIntervalTimetable
from prodml.operators.deployment import DeployEndpointOperator

WEEKLY = CronDataIntervalTimetable("@weekly", timezone="UTC")
with DAG("retrain_churn", schedule=WEEKLY, start_date=datetime(2024, 1, 1, tzinfo=UTC),
         catchup=False, tags=["churn", "retraining"], is_paused_upon_creation=False):
    ApprovalOperator(task_id="approve", subject="Deploy the new churn model?")
with DAG("deploy_model", schedule=None):
    DeployEndpointOperator(task_id="deploy", endpoint="churn", model_package_arn="")
"""
PACKAGE = "arn:aws:sagemaker:us-east-1:000000000000:model-package/churn"
BUNDLE = "dags-folder"


def seed(folder: Path) -> None:
    """Write the DAG into *folder* and the database, with a run that waits for an answer."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.session import create_session

    (folder / "retrain_churn.py").write_text(DAG)
    shutil.copy(ROOT / "dags" / "ask_churn.py", folder)
    bundles: Any = DagBundlesManager
    bundles().sync_bundles_to_db()
    bag = DagBag(str(folder), bundle_path=folder, bundle_name=BUNDLE)
    with create_session() as session:
        sync_bag_to_db(bag, BUNDLE, None, session=session)
    with create_session() as session:
        ask(session)
        for version, state in ((1, "success"), (2, "failed"), (3, "success")):
            deploy(session, version, state)


def ask(session: Any) -> None:
    """Create a run whose task waits for Approve or Reject."""
    from airflow.models.hitl import HITLDetail

    task = started(session, "retrain_churn", datetime(2026, 11, 29, tzinfo=UTC))
    task.state = "deferred"
    session.add(
        HITLDetail(
            ti_id=task.id,
            options=["Approve", "Reject"],
            subject="Deploy the new churn model?",
            body="| score | this model |\n|---|---|\n| auc | 0.9410 |",
            params={},
        )
    )


def deploy(session: Any, version: int, state: str) -> None:
    """Create a run of `deploy_model` on the day of that number; a failed one was rolled back."""
    from airflow.models.renderedtifields import RenderedTaskInstanceFields
    from airflow.models.xcom import XComModel

    day = datetime(2026, 11, 24 + version, tzinfo=UTC)
    task = started(session, "deploy_model", day)
    task.state, task.start_date, task.end_date = state, day, day
    fields = {"endpoint": "churn", "model_package_arn": f"{PACKAGE}/{version}"}
    session.add(RenderedTaskInstanceFields(task, False, fields))
    if state == "failed":
        place: Any = {"dag_id": task.dag_id, "task_id": task.task_id, "run_id": task.run_id}
        XComModel.set(key="rolled_back", value="An alarm fired.", **place, session=session)


def started(session: Any, dag_id: str, day: datetime) -> Any:
    """Return the task of a new run of a DAG with one task."""
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    dag: Any = SerializedDagModel.get_dag(dag_id, session=session)
    run = dag.create_dagrun(
        run_id=f"manual__{day:%F}",
        run_after=day,
        run_type=DagRunType.MANUAL,
        triggered_by=DagRunTriggeredByType.TEST,
        state=DagRunState.RUNNING,
        session=session,
    )
    (task,) = run.get_task_instances(session=session)
    return task


def seed_users() -> None:
    """Create FAB's tables and in them a user of each role; `lea` has a role without permissions."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
    from airflow.utils.db import initdb

    initdb()
    with get_application_builder() as builder:
        manager: Any = builder.sm
        manager.add_role("Nothing")
        for name, role in {"ada": "Admin", "vera": "Viewer", "lea": "Nothing"}.items():
            known = manager.find_role(role)
            manager.add_user(name, name, name, f"{name}@example.com", known, password=name)


def main() -> None:
    import uvicorn

    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    seed(folder)
    if "fab" in os.environ.get("AIRFLOW__CORE__AUTH_MANAGER", ""):
        seed_users()
    from airflow.api_fastapi.app import create_app
    from prodml.studio.reader import MINUTE, reader
    from prodml.ui import snapshots

    reader()._clock = count(step=2 * MINUTE).__next__  # a page shows what its own test has made
    snapshots.FRESH, snapshots.PATIENCE = 0.0, MINUTE
    uvicorn.run(create_app(apps="core"), host="127.0.0.1", port=port, log_level="warning")
