"""
### Score a file of customers by batch transform

Daily, or by hand for any week. The file is encoded with the champion's own encoder, scored line by
line, several lines a request, and joined to its keys: one prediction a row, or the run fails.

A second run writes below its own prefix. A day without a file, or without a model, is skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.sdk import CronDataIntervalTimetable, chain, dag
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.upload import UploadDatasetOperator

from include.pipelines import churn, params, tasks
from include.settings import settings

DAILY = CronDataIntervalTimetable("0 0 * * *", timezone="UTC")
PREFIX = "{{ ti.xcom_pull(task_ids='resolve_file')['prefix'] }}"


@dag(
    schedule=DAILY,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.SCORE,
    doc_md=__doc__,
    tags=["churn", "scoring"],
    default_args=churn.default_args(),
)
def score_churn_batch() -> None:
    plan = tasks.resolve_file()
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=plan["raw"], files=[plan["file"]]
    )
    encode = ProcessingJobOperator(
        task_id="encode",
        **churn.CODE,
        arguments=churn.ENCODE,
        config=churn.encode_request(),
    )
    transform = BatchTransformOperator(
        task_id="transform",
        container=plan["container"],
        input_uri=f"{PREFIX}/features/",
        output_uri=f"{PREFIX}/scores/",
        strategy="MultiRecord",
        split_type="Line",
    )
    chain(upload, encode, transform)
    tasks.join_predictions(plan, transform.output)


score_churn_batch()
