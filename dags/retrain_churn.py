"""
### Train several candidates, and deploy the best one if it beats the model in production

Runs when the time of a partition has passed (weekly), by hand, as a backfill, or after drift. The
window's partitions are listed once, and jobs read exactly the listed objects. The newest ones are
the holdout, on which the best candidate and the model in production are scored. A candidate that
is not better by `min_gain` is registered as Rejected and not deployed, and the run succeeds; so
does one of which the holdout has too few rows to be sure, which stays pending. If the model in
production takes other columns than the holdout has, a person decides, or `allow_older`.

A second run over unchanged data reuses its jobs; a retry or a clear adopts its jobs. A
scheduled run without a new partition is skipped. A backfilled model never replaces one that was
trained on later rows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import AssetOrTimeSchedule, CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include import assets
from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE

BY_PARTITION = CronDataIntervalTimetable(PIPELINE.partitions.cron, timezone="UTC")


@dag(
    schedule=AssetOrTimeSchedule(timetable=BY_PARTITION, assets=[assets.CHURN_DRIFT]),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.retrain(PIPELINE),
    on_failure_callback=on_failure(),
    deadline=late_after(PIPELINE.partitions.longest + timedelta(hours=36)),
    doc_md=__doc__,
    tags=["churn", "retraining"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def retrain_churn() -> None:
    window, prepared = stages.prepare(PIPELINE)
    selection = stages.compete(PIPELINE, window, prepared)
    judged = stages.judge(PIPELINE, window, prepared, selection)
    stages.release(PIPELINE, judged, stages.register(PIPELINE, judged))


retrain_churn()
