"""A file in, one checked prediction a row out."""

from __future__ import annotations

from airflow.sdk import chain
from prodml.operators.drift import DriftCheckOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.upload import UploadDatasetOperator

from include.pipelines import requests, tasks
from include.pipelines.pipeline import Pipeline
from include.settings import settings


def score(pipeline: Pipeline) -> None:
    """A file, encoded with the champion's encoder, scored line by line, joined to its keys."""
    plan = tasks.resolve_file(pipeline.name)
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=plan["raw"], files=[plan["file"]]
    )
    encode = ProcessingJobOperator(task_id="encode", fresh=True, **requests.encode(pipeline))
    transform = BatchTransformOperator(
        task_id="transform",
        container=plan["container"],
        fresh=True,  # a score file is what the run is for: it lies below the run's own prefix
        input_uri=requests.FEATURES,
        output_uri=requests.SCORES,
        strategy="MultiRecord",
        split_type="Line",
    )
    check = DriftCheckOperator(
        task_id="check_drift",
        data_uri=requests.FEATURES,
        answers_uri=requests.SCORES,
        baseline_uri=plan["baseline"],
        predictions_uri=plan["holdout_scores"],
        output_uri=requests.DRIFT,
        model_package_arn=plan["model_package_arn"],
        **requests.drift(pipeline),
    )
    chain(upload, encode, transform, check)
    tasks.join_predictions(pipeline.name, plan, transform.output)
