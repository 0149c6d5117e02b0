"""
### Train the candidates of digits, and deploy the best one

Runs when a partition is complete, by hand, as a backfill, or after drift. A second run over the
same window uploads no file again and adopts its jobs.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import AssetOrTimeSchedule, CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include import assets
from include.pipelines import params, stages
from include.pipelines.digits import PIPELINE

PARTITIONS = CronDataIntervalTimetable(PIPELINE.partitions.cron, timezone="UTC")


@dag(
    schedule=AssetOrTimeSchedule(timetable=PARTITIONS, assets=[assets.drift(PIPELINE.name)]),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.retrain(PIPELINE),
    on_failure_callback=on_failure(),
    deadline=late_after(PIPELINE.partitions.longest + timedelta(days=1, hours=12)),
    doc_md=__doc__,
    tags=["digits", "retraining"],
    default_args=PIPELINE.default_args() | params.JOBS,
)
def retrain_digits() -> None:
    window, prepared = stages.prepare(PIPELINE)
    selection = stages.compete(PIPELINE, window, prepared)
    judged = stages.judge(PIPELINE, window, prepared, selection)
    stages.release(PIPELINE, judged, stages.register(PIPELINE, judged))


retrain_digits()
