"""
### Is the model still asked what it was trained on?

Hourly, for each of `endpoints`. The window's captured requests and answers, cut by inference time,
against the baseline of the model that gave them: OK, WARN, ALERT, INSUFFICIENT_DATA, NO_DATA, or
FAILED when it could not be checked. Labels that have arrived since (`label_delay_hours`) say how
good the answers of that time were. The report is a link of the task `check`.

Each version that answered in the window has a check of its own: after a deployment, during a canary
or an A/B test, after a rollback. The outcome is about the version in service; the others are named.

Only when enough of the last windows alert (`alerts_of_windows`) does anything follow: bad data is
to be fixed upstream; moved columns start a retrain, if there are labelled rows that the model has
not seen and none was started within `cooldown_hours`; else an audit of them is asked for.

The run's note says each endpoint's outcome, columns and action. An alert leaves the run green,
unless `fail_on_alert` is ticked: then the task `alert` fails, after everything else is done.

A scheduled check first waits until the capture has arrived. A second check of a window replaces its
verdict. A backfilled check reports, fills the trend, and starts nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import CronDataIntervalTimetable, dag

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE
from include.pipelines.drift import checks

HOURLY = CronDataIntervalTimetable("0 * * * *", timezone="UTC")


@dag(
    schedule=HOURLY,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.CHECK,
    doc_md=__doc__,
    tags=["churn", "monitoring"],
    default_args={k: v for k, v in PIPELINE.default_args().items() if k != "endpoint"},
    user_defined_macros={"capture_arrives": checks.capture_arrives},
)
def check_churn_drift() -> None:
    stages.check_drift(PIPELINE)


check_churn_drift()
