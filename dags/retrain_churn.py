"""
### Train several candidates, and put the best into production if it is better

Weekly, by hand, backfilled, or started by drift. The window's raw data is checked before anything
is paid for; its newest slice is held out, and the best candidate and the model in production are
scored on it. Not better by `min_gain`: registered as Rejected, not deployed, and the run succeeds.

A second run over the same window sends no file again; a retry or a clear adopts its jobs. A
scheduled run whose interval brought no new slice is skipped. A backfilled model never replaces one
that has learned from later rows.
"""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import AssetOrTimeSchedule, CronDataIntervalTimetable, dag

from include import assets
from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE

WEEKLY = CronDataIntervalTimetable("0 0 * * 1", timezone="UTC")


@dag(
    schedule=AssetOrTimeSchedule(timetable=WEEKLY, assets=[assets.CHURN_DRIFT]),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.retrain(PIPELINE),
    doc_md=__doc__,
    tags=["churn", "retraining"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def retrain_churn() -> None:
    window, prepared = stages.prepare(PIPELINE)
    best = stages.compete(PIPELINE, window, prepared)
    stages.release(PIPELINE, stages.judge(PIPELINE, window, prepared, best))


retrain_churn()
