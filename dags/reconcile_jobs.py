"""
### Stop the jobs that no task waits for

Runs every minute. Airflow notifies no task when a worker dies, a DAG run times out or a run is
deleted, and the job would keep billing. This DAG finds the running jobs of this deployment by their
tags, reads the states of their tasks, and stops those whose task has ended. Jobs of another
deployment, and of tasks that are alive or will be retried, are left alone.

A second run stops what the first one could not.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag
from prodml.notifications.runs import on_failure
from prodml.operators.reconciliation import StopOrphanedJobsOperator

from include.settings import settings


@dag(
    schedule=timedelta(minutes=1),
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
def reconcile_jobs() -> None:
    # First among the tasks that wait for a slot, since the jobs that it stops are billed.
    StopOrphanedJobsOperator(
        task_id="stop_orphaned_jobs", priority_weight=1000, weight_rule="absolute"
    )


reconcile_jobs()
