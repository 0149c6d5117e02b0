"""
### Check whether the traffic of wine still resembles the training data

Runs hourly. An alert starts a retrain if there are labelled rows that the model has not seen. The
run's note has the outcome, the task `check` links the report.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include.pipelines import params, stages
from include.pipelines.drift import checks
from include.pipelines.wine import PIPELINE

HOURLY = CronDataIntervalTimetable("0 * * * *", timezone="UTC")


@dag(
    schedule=HOURLY,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.CHECK,
    on_failure_callback=on_failure(),
    deadline=late_after(timedelta(hours=3)),
    doc_md=__doc__,
    tags=["wine", "monitoring"],
    # A check is mapped over the endpoints of the form.
    default_args={k: v for k, v in PIPELINE.default_args().items() if k != "endpoint"},
    user_defined_macros={"capture_arrives": checks.capture_arrives},
)
def check_wine_drift() -> None:
    stages.check_drift(PIPELINE)


check_wine_drift()
