"""
### Is the model still asked what it was trained on?

Hourly. The window's captured requests, cut by inference time, against the baseline of the deployed
model: OK, WARN, ALERT, INSUFFICIENT_DATA or NO_DATA. Only when enough of the last windows alert
(`alerts_of_windows`) does anything follow: a retrain, if there are labelled rows that the model has
not seen; else an audit of the named columns is asked for.

A scheduled check first waits until the capture has arrived. A second check of a window replaces its
verdict. A backfilled check reports, and starts nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.sensors.date_time import DateTimeSensor
from airflow.sdk import CronDataIntervalTimetable, dag
from prodml.operators.drift import DriftCheckOperator

from include.pipelines import drift, params, requests, tasks
from include.pipelines.churn import PIPELINE

HOURLY = CronDataIntervalTimetable("0 * * * *", timezone="UTC")
PLAN = "ti.xcom_pull(task_ids='resolve_traffic')"


@dag(
    schedule=HOURLY,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.CHECK,
    doc_md=__doc__,
    tags=["churn", "monitoring"],
    default_args=PIPELINE.default_args(),
    user_defined_macros={"capture_arrives": drift.capture_arrives},
)
def check_churn_drift() -> None:
    captured = DateTimeSensor(
        task_id="wait_for_capture",
        target_time="{{ capture_arrives(dag_run, params) }}",
        mode="reschedule",
        poke_interval=timedelta(minutes=1),
    )
    plan = tasks.resolve_traffic()
    check = DriftCheckOperator(
        task_id="check",
        **requests.CODE,
        arguments=["drift"],
        config=requests.check(PIPELINE),
        capture_uri=PIPELINE.uri("capture"),
        baseline_uri=f"{{{{ {PLAN}['baseline'] }}}}",
        output_uri=f"{{{{ {PLAN}['output'] }}}}",
        window_start=plan["window_start"],
        window_end=plan["window_end"],
    )
    captured >> plan
    tasks.conclude(plan, check.output)


check_churn_drift()
