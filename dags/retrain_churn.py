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

from airflow.sdk import AssetOrTimeSchedule, CronDataIntervalTimetable, chain, dag
from prodml.operators.autoscaling import AutoscalingOperator
from prodml.operators.deployment import DeployEndpointOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.registry import RegisterModelPackageOperator
from prodml.operators.selection import SelectBestTrialOperator
from prodml.operators.smoke import SmokeTestOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.upload import UploadDatasetOperator

from include.assets import CHURN_DRIFT
from include.pipelines import churn, params, tasks
from include.settings import settings

WEEKLY = CronDataIntervalTimetable("0 0 * * 1", timezone="UTC")


@dag(
    schedule=AssetOrTimeSchedule(timetable=WEEKLY, assets=[CHURN_DRIFT]),
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    params=params.RETRAIN,
    doc_md=__doc__,
    tags=["churn", "retraining"],
    default_args=churn.default_args(),
)
def retrain_churn() -> None:
    window = tasks.resolve_window()
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=window["raw"], files=window["files"]
    )
    preprocess = ProcessingJobOperator(
        task_id="preprocess",
        multiple_outputs=True,
        **churn.CODE,
        arguments=churn.PREPROCESS,
        config=churn.preprocess_request(),
    )
    train = TrainTrialOperator.partial(
        task_id="train",
        shared_components=[preprocess.output["trial_component"]],
        map_index_template="{{ task.name }}",
    ).expand_kwargs(churn.candidates())
    best = SelectBestTrialOperator(
        task_id="select_best", multiple_outputs=True, trials=train.output, **params.SELECTION
    )
    score_holdout = BatchTransformOperator.partial(task_id="score_holdout", input_uri=churn.HOLDOUT)
    score = score_holdout.expand_kwargs(tasks.contenders(best.output, window))
    verdict = tasks.judge(best.output, score.output, window)
    register = RegisterModelPackageOperator(
        task_id="register",
        multiple_outputs=True,
        container=best.output["container"],
        approval=verdict["approval"],
        approval_description=verdict["decision"],
        metadata=verdict["metadata"],
        metrics=verdict["metrics"],
    )
    deploy = DeployEndpointOperator(
        task_id="deploy",
        model_package_arn=register.output["model_package_arn"],
        data_capture_uri=churn.capture_uri(),
        order_by="window_end",
        max_active_tis_per_dag=1,
    )
    autoscale = AutoscalingOperator(task_id="autoscale", **params.SCALING)
    smoke_test = SmokeTestOperator(task_id="smoke_test", payload=churn.smoke_row(), upper=1.0)
    announced = tasks.announce(verdict, register.output, deploy.output)
    upload >> preprocess
    chain(register, tasks.approved(verdict), deploy, autoscale, smoke_test, announced)


retrain_churn()
