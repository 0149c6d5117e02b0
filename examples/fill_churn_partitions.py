"""
### Fill a partition of the churn data from a warehouse, then retrain

Copy this file into `dags/`, keep the DAG of your warehouse, and correct the query, the database and
the workgroup. `PRODML_LANDING` is a prefix of S3. Each run replaces the partition of its interval:
the old objects go first, and with them `_SUCCESS`; the query unloads Parquet; `_SUCCESS` comes
last. A retrain that starts meanwhile is refused, as the partition is being written.

A second run writes the same partition again. A retrain over unchanged rows reuses its jobs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from airflow.providers.amazon.aws.operators.athena import AthenaOperator
from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.operators.s3 import (
    S3CreateObjectOperator,
    S3DeleteObjectsOperator,
)
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import BaseOperator, CronDataIntervalTimetable, chain, dag
from prodml.aws.s3 import split

from include.pipelines.churn import PIPELINE
from include.settings import settings

S = settings()
FORM = "%Y-%m-%dT%H" if PIPELINE.partitions.every == "hour" else "%Y-%m-%d"
START, END = (f"{{{{ data_interval_{edge}.strftime('{FORM}') }}}}" for edge in ("start", "end"))
FOLDER = f"{S.landing.rstrip('/')}/{PIPELINE.name}/dt={START}/"
BUCKET, KEY = split(FOLDER) if S.landing.startswith("s3://") else ("", "")
ROWS = f"""
  SELECT customer_id, {", ".join(PIPELINE.schema.inputs)}, churn
  FROM customers
  WHERE observed_at >= timestamp '{START}' AND observed_at < timestamp '{END}'
"""
COMMON = {
    "schedule": CronDataIntervalTimetable(PIPELINE.partitions.cron, timezone="UTC"),
    "start_date": datetime(2024, 1, 1, tzinfo=UTC),
    "catchup": False,
    "doc_md": __doc__,
    "default_args": {"aws_conn_id": S.aws_conn_id, "region_name": S.region, "retries": 2},
}


def filled_by(unload: Callable[[], BaseOperator]) -> None:
    """Replace the partition of the run's interval by what *unload* writes; then retrain."""
    chain(
        S3DeleteObjectsOperator(task_id="remove_old_objects", bucket=BUCKET, prefix=KEY),
        unload(),
        S3CreateObjectOperator(
            task_id="mark_complete", s3_key=f"{FOLDER}_SUCCESS", data="", replace=True
        ),
        TriggerDagRunOperator(
            task_id="retrain",
            trigger_dag_id=f"retrain_{PIPELINE.name}",
            trigger_run_id="filled__{{ data_interval_end.isoformat() }}__{{ ti.try_number }}",
            conf={"window_end": "{{ data_interval_end.isoformat() }}"},
        ),
    )


@dag(**COMMON)
def fill_churn_from_athena() -> None:
    """Unload by Athena, whose destination must be empty; its files have no suffix."""
    filled_by(
        lambda: AthenaOperator(
            task_id="unload",
            query=f"UNLOAD ({ROWS}) TO '{FOLDER}' WITH (format = 'PARQUET')",
            database="analytics",
            workgroup="primary",
            output_location=S.uri(PIPELINE.name, "runs", "athena"),
        )
    )


@dag(**COMMON)
def fill_churn_from_redshift() -> None:
    """Unload by Redshift Serverless, with the role of the workgroup."""
    filled_by(
        lambda: RedshiftDataOperator(
            task_id="unload",
            sql=f"UNLOAD ($$ {ROWS} $$) TO '{FOLDER}part-' IAM_ROLE default FORMAT PARQUET",
            database="analytics",
            workgroup_name="prodml",
        )
    )


fill_churn_from_athena()
fill_churn_from_redshift()
