"""
### Summarize what the Studio pages show

Runs every minute once it is unpaused, which large accounts need: with thousands of trials or
versions, a page that reads AWS itself takes longer than a second. It writes an object for each page
below `studio/` in the bucket, and a page shows how old it is. Without this DAG, or if its last run
is more than three minutes old, the pages read AWS.

A second run replaces the objects.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import dag
from prodml.notifications.runs import on_failure
from prodml.operators.studio import StudioSummaryOperator

from include.settings import settings


@dag(
    schedule=timedelta(minutes=1),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    dagrun_timeout=timedelta(minutes=10),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["operations"],
    default_args=settings().connection,
)
def summarize_studio() -> None:
    StudioSummaryOperator(task_id="write_summaries", root=settings().uri())


summarize_studio()
