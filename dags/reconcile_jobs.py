"""
### Stop the jobs that nobody waits for any more

Every minute. A worker that died, a DAG run that timed out, a run that was deleted: Airflow tells no
task about these, and the job would go on billing. This sweep finds the running jobs of this
deployment by their tags, asks Airflow what became of their tasks, and stops those whose task has
ended. Jobs of another deployment, and of tasks that are alive or will be retried, are left alone.

A second sweep finds what is left, which should be nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag
from prodml.operators.reconciliation import StopOrphanedJobsOperator

from include.settings import settings

S = settings()
DEFAULTS = {"aws_conn_id": S.aws_conn_id, "deployment": S.deployment}


@dag(
    schedule=timedelta(minutes=1),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(minutes=10),
    doc_md=__doc__,
    tags=["operations"],
    default_args=DEFAULTS,
)
def reconcile_jobs() -> None:
    # Before everything else that waits for a slot: what it stops is being billed.
    StopOrphanedJobsOperator(
        task_id="stop_orphaned_jobs", priority_weight=1000, weight_rule="absolute"
    )


reconcile_jobs()
