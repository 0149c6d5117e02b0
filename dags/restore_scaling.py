"""
### Put back the scaling that a lost update took off

Every five minutes. An update that gives a variant another instance type must take its scaling off
first, and the task puts it on again. Where that task is gone (a worker that died for good, a task
marked failed), this sweep does it, from the note on the endpoint.

A second sweep finds nothing to do.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag
from prodml.operators.autoscaling import RestoreScalingOperator

from include.settings import settings

S = settings()
DEFAULTS = {"aws_conn_id": S.aws_conn_id, "deployment": S.deployment}


@dag(
    schedule=timedelta(minutes=5),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=10),
    doc_md=__doc__,
    tags=["operations"],
    default_args=DEFAULTS,
)
def restore_scaling() -> None:
    RestoreScalingOperator(task_id="restore_scaling")


restore_scaling()
