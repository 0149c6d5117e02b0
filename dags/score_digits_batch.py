"""
### Score a file of digits by batch transform

Runs daily, or by hand for any partition. Each answer is joined to its key: one prediction per row,
or the run fails. A day without a file, or without a model, is skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include.pipelines import params, stages
from include.pipelines.digits import PIPELINE

DAILY = CronDataIntervalTimetable("0 0 * * *", timezone="UTC")


@dag(
    schedule=DAILY,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.SCORE,
    on_failure_callback=on_failure(),
    deadline=late_after(timedelta(days=1, hours=6)),
    doc_md=__doc__,
    tags=["digits", "scoring"],
    default_args=PIPELINE.default_args(),
)
def score_digits_batch() -> None:
    stages.score(PIPELINE)


score_digits_batch()
