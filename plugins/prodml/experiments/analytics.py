"""Read an experiment's trial components by ExperimentAnalytics and SageMaker Metrics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import with_retries
from prodml.vocabulary import Json

TRAINING_JOB = ":training-job/"
SUFFIX = "-aws-training-job"
QUERIES = 100  # the limit of one BatchGetMetrics


def frame(aws: Aws, experiment: str, metrics: list[str] | None = None) -> Any:
    """Return ExperimentAnalytics' table of *experiment*: one row per component."""
    import boto3
    from sagemaker.core.analytics import ExperimentAnalytics
    from sagemaker.core.helper.session_helper import Session

    client = aws.client("sagemaker")
    # The session must not create a client of its own: it gets that of the connection.
    session = Session(
        boto_session=boto3.Session(region_name=client.meta.region_name), sagemaker_client=client
    )
    analytics = ExperimentAnalytics(
        experiment_name=experiment, metric_names=metrics, sagemaker_session=session
    )
    return with_retries(analytics.dataframe)


def training_rows(aws: Aws, experiment: str) -> list[Json]:
    """Return the training components as dicts, with the job's name, status and trial."""
    table = frame(aws, experiment)
    rows = table.to_dict("records") if "SourceArn" in table else []
    components = []
    for row in rows:
        if not isinstance(row["SourceArn"], str) or TRAINING_JOB not in row["SourceArn"]:
            continue
        name = row["TrialComponentName"]
        component = with_retries(
            aws.client("sagemaker").describe_trial_component, TrialComponentName=name
        )
        trials = row.get("Trials")
        facts = {
            "job": job_of(name),
            "status": component.get("Status", {}).get("PrimaryStatus", ""),
            "trial": trials[0] if isinstance(trials, list) and trials else "",
        }
        components.append({k: v for k, v in row.items() if not _absent(v)} | facts)
    return components


def job_of(component: str) -> str:
    """Return the training job's name, which a component keeps; its ARN is in lower case."""
    return component.removesuffix(SUFFIX)


def _absent(cell: Any) -> bool:
    """Return whether a cell is NaN, as pandas fills missing cells; and a NaN metric."""
    return isinstance(cell, float) and math.isnan(cell)


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
