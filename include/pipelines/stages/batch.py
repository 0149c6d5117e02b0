"""A file in, one checked prediction a row out."""

from __future__ import annotations

from typing import Any

from airflow.sdk import chain, task
from prodml.operators.drift import DriftCheckOperator
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.operators.upload import UploadDatasetOperator
from prodml.vocabulary import Json

from include.pipelines.adapters.outcomes import settled
from include.pipelines.batch import scoring
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.training import requests
from include.settings import settings


@task
def resolve_file(pipeline: str, **context: Any) -> Json:
    """Which file to score, and the model that scores it."""
    return settled(scoring.plan)(find(pipeline), context)


@task
def join_predictions(pipeline: str, plan: Json, transformed: Json) -> Json:
    """One prediction a row, joined to its key: `rows_in`, `rows_out`, `output`."""
    return settled(scoring.join)(find(pipeline), plan, transformed)


def score(pipeline: Pipeline) -> None:
    """A file, encoded with the champion's encoder, scored line by line, joined to its keys."""
    plan = resolve_file(pipeline.name)
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
    join_predictions(pipeline.name, plan, transform.output)
