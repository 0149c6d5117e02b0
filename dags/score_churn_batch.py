"""
### Score a partition of customers by batch transform

Runs when the time of a partition has passed (weekly), or by hand for any. Its raw records are
scored with several lines per request, each answer joined to its key: one prediction per row, or the
run fails.

The rows and predictions are checked for drift from the model's baseline. The run's note has the
outcome, and the task `alert` fails after an ALERT if `fail_on_alert` is set. The predictions are
written in any case.

A second run writes to its own prefix. A time without a partition, or without a model, is skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronDataIntervalTimetable, dag
from prodml.notifications.runs import late_after, on_failure

from include.pipelines import params, stages
from include.pipelines.churn import PIPELINE

BY_PARTITION = CronDataIntervalTimetable(PIPELINE.partitions.cron, timezone="UTC")


@dag(
    schedule=BY_PARTITION,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.SCORE,
    on_failure_callback=on_failure(),
    deadline=late_after(PIPELINE.partitions.longest + timedelta(hours=6)),
    doc_md=__doc__,
    tags=["churn", "scoring"],
    default_args=PIPELINE.default_args(),
)
def score_churn_batch() -> None:
    stages.score(PIPELINE)


score_churn_batch()
