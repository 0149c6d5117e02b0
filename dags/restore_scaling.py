"""
### Restore the scaling that an interrupted update suspended

Runs every five minutes. An update that changes the instance type of a variant must deregister its
scaling first, and the task registers it again. If the task is gone (its worker died, or it was
marked failed), this DAG does so, from the note on the endpoint.

A second run has nothing to do.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag
from prodml.notifications.runs import on_failure
from prodml.operators.autoscaling import RestoreScalingOperator

from include.settings import settings


@dag(
    schedule=timedelta(minutes=5),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=10),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["operations"],
    default_args=settings().connection,
)
def restore_scaling() -> None:
    RestoreScalingOperator(task_id="restore_scaling")


restore_scaling()
