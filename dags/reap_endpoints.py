"""
### Delete the endpoints whose lifetime is over

Runs hourly. `deploy_model` with `hours_to_live` tags an endpoint with the time of its end
(`prodml:expires`); the tag can also be set by hand. It is read again just before the deletion, so
that an endpoint whose lifetime was extended stays. `PRODML_NOTIFY` gets one message within the day
before. An endpoint without the tag is never deleted by this DAG. A run without an expired endpoint
is skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include.pipelines import stages
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=CronDataIntervalTimetable("0 * * * *", timezone="UTC"),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,  # `deploy_model` relies on it
    on_failure_callback=on_failure(),
    deadline=late_after(timedelta(hours=2)),
    doc_md=__doc__,
    tags=["cost", "destructive"],
    default_args=task_defaults(),
)
def reap_endpoints() -> None:
    stages.reap_endpoints()


reap_endpoints()
