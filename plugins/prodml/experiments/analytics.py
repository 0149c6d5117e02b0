"""Read an experiment's trial components by ExperimentAnalytics and SageMaker Metrics."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import with_retries
from prodml.experiments.search import searched_rows
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
TRAINING_JOB = ":training-job/"
SUFFIX = "-aws-training-job"
QUERIES = 100  # the limit of one BatchGetMetrics


def component_rows(aws: Aws, experiment: str, metrics: Sequence[str] = ()) -> list[Json]:
    """Return a row per component of *experiment*, without cells that have no value.

    The rows are those of ExperimentAnalytics. The SageMaker SDK cannot be installed beside Airflow
    on Python 3.12 or newer; there the same rows are made from the same search.

    :param metrics: The metrics of the rows; all if empty.
    """
    analytics = _analytics(aws, experiment, metrics)
    if analytics is None:
        rows = searched_rows(aws, experiment, metrics)
    else:
        rows = with_retries(analytics.dataframe).to_dict("records")
    return [{key: cell for key, cell in row.items() if not _absent(cell)} for row in rows]


def _analytics(aws: Aws, experiment: str, metrics: Sequence[str]) -> Any:
    """Return ExperimentAnalytics of *experiment*; None if the SDK cannot be imported."""
    import boto3

    try:
        from sagemaker.core.analytics import ExperimentAnalytics
        from sagemaker.core.helper.session_helper import Session
    except ImportError as error:
        log.info("Searching without the SageMaker SDK, which cannot be imported: %s", error)
        return None
    client = aws.client("sagemaker")
    # The session must not create a client of its own: it gets that of the connection.
    session = Session(
        boto_session=boto3.Session(region_name=client.meta.region_name), sagemaker_client=client
    )
    return ExperimentAnalytics(
        experiment_name=experiment, metric_names=list(metrics) or None, sagemaker_session=session
    )


def training_rows(aws: Aws, experiment: str) -> list[Json]:
    """Return the training components as dicts, with the job's name, status and trial."""
    components = []
    for row in component_rows(aws, experiment):
        if TRAINING_JOB not in row.get("SourceArn", ""):
            continue
        name = row["TrialComponentName"]
        component = with_retries(
            aws.client("sagemaker").describe_trial_component, TrialComponentName=name
        )
        facts = {
            "job": job_of(name),
            "status": component.get("Status", {}).get("PrimaryStatus", ""),
            "trial": next(iter(row.get("Trials", [])), ""),
        }
        components.append(row | facts)
    return components


def job_of(component: str) -> str:
    """Return the training job's name, which a component keeps; its ARN is in lower case."""
    return component.removesuffix(SUFFIX)


def _absent(cell: Any) -> bool:
    """Return whether a cell is None or NaN: pandas fills missing cells with them."""
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def curves(aws: Aws, arns: Sequence[str], metrics: Sequence[str]) -> dict[tuple[str, str], Json]:
    """Return each metric of each job over its iterations: ``{"x", "y"}`` by ARN and metric."""
    client = aws.client("sagemaker-metrics")
    wanted = [(arn, metric) for arn in arns for metric in metrics]
    series: dict[tuple[str, str], Json] = {}
    for first in range(0, len(wanted), QUERIES):
        asked = wanted[first : first + QUERIES]
        answer = with_retries(
            client.batch_get_metrics, MetricQueries=[_query(*pair) for pair in asked]
        )
        for pair, result in zip(asked, answer["MetricQueryResults"], strict=True):
            if result["Status"] == "Complete" and result.get("MetricValues"):
                series[pair] = {"x": result["XAxisValues"], "y": result["MetricValues"]}
    return series


def _query(arn: str, metric: str) -> Json:
    return {
        "ResourceArn": arn,
        "MetricName": metric,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }
