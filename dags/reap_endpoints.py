"""
### Take down the endpoints whose time is over

Hourly. `deploy_model` with `hours_to_live` tags an endpoint with the moment at which it ends
(`prodml:expires`); anybody may set the tag by hand. It is read again just before the endpoint goes:
one that was given more time meanwhile stays. An endpoint without the tag lives until
somebody tears it down. A run that finds nothing is skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import CronDataIntervalTimetable, dag

from include.pipelines import stages
from include.pipelines.definition.pipeline import task_defaults


@dag(
    schedule=CronDataIntervalTimetable("0 * * * *", timezone="UTC"),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,  # `deploy_model` promises its callers that it runs
    doc_md=__doc__,
    tags=["cost", "destructive"],
    default_args=task_defaults(),
)
def reap_endpoints() -> None:
    stages.reap_endpoints()


reap_endpoints()
