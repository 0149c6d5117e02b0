"""
### Check whether the traffic still resembles the training data

Runs hourly, for each of `endpoints`. Compares the requests and predictions captured in the window
with the baseline of the model that served them: OK, WARN, ALERT, NOT_COMPARABLE if most requests
are of another contract, INSUFFICIENT_DATA, NO_DATA, or FAILED if the check failed. Labels that
arrive later (`label_delay_hours`) measure the quality of earlier predictions. The task `check`
links the report.

Each version that served in the window is checked separately: after a deployment, during a canary or
an A/B test, after a rollback. The outcome is that of the version in service; the run names others.

An action follows only if enough of the last windows alert (`alerts_of_windows`): invalid data needs
a fix upstream; drift starts a retrain, if there are labelled rows that the model has not seen and
no retrain was started within `cooldown_hours`; otherwise the check requests an audit.

The run's note has each endpoint's outcome, columns and action, and the map index of `check` and
`measure` contains the outcome: filter the DAG's task instances by the rendered map index `ALERT`.
After an alert the run still succeeds, unless `fail_on_alert` is set: then the task `alert` fails,
after everything else.

A scheduled check first waits for the capture to arrive. A second check of a window replaces its
result. A backfilled check reports and fills the trend, but starts nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.drift import checks

HOURLY = CronDataIntervalTimetable("0 * * * *", timezone="UTC")


@dag(
    schedule=HOURLY,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.CHECK,
    on_failure_callback=on_failure(),
    deadline=late_after(timedelta(hours=3)),
    doc_md=__doc__,
    tags=["churn", "monitoring"],
    # A check is mapped over the endpoints of the form.
    default_args={k: v for k, v in PIPELINE.default_args().items() if k != "endpoint"},
    user_defined_macros={"capture_arrives": checks.capture_arrives},
)
def check_churn_drift() -> None:
    stages.check_drift(PIPELINE)


check_churn_drift()
