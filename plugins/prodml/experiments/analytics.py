"""Read an experiment's trial components by ExperimentAnalytics and SageMaker Metrics."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws.client import Aws, Clients
from prodml.aws.retries import pages, with_retries
from prodml.experiments.search import searched_rows
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
TRAINING_JOB = ":training-job/"
SUFFIX = "-aws-training-job"
QUERIES = 100  # the limit of one BatchGetMetrics
METRICS = 500  # the limit of one GetMetricData
NAMESPACE = "/aws/sagemaker/TrainingJobs"
MINUTES_STAY = timedelta(days=15)  # for which CloudWatch keeps values by the minute


def component_rows(aws: Aws, experiment: str, metrics: Sequence[str] = ()) -> list[Json]:
    """Return a row per component of *experiment*, without cells that have no value.

    The rows are those of ExperimentAnalytics. The SageMaker SDK cannot be installed next to Airflow
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


def curves(
    aws: Clients, jobs: Mapping[str, str], metrics: Sequence[str]
) -> dict[tuple[str, str], Json]:
    """Return each metric of each job as it trained: ``{"x", "y", "unit"}`` by ARN and metric.

    A metric of which SageMaker Metrics knows nothing for any job, as it may be for one that a
    regular expression finds in the log, is read from CloudWatch, by the minute.

    :param jobs: The jobs' names by ARN.
    """
    series = _recorded(aws, list(jobs), metrics)
    others = [name for name in metrics if name not in {metric for _, metric in series}]
    return series | _published(aws, jobs, others)


def _recorded(
    aws: Clients, arns: Sequence[str], metrics: Sequence[str]
) -> dict[tuple[str, str], Json]:
    client = aws.client("sagemaker-metrics")
    wanted = [(arn, metric) for arn in arns for metric in metrics]
    series: dict[tuple[str, str], Json] = {}
    for asked in _parts(wanted, QUERIES):
        answer = with_retries(
            client.batch_get_metrics, MetricQueries=[_query(*pair) for pair in asked]
        )
        for pair, result in zip(asked, answer["MetricQueryResults"], strict=True):
            if result["Status"] == "Complete" and result.get("MetricValues"):
                x, y = result["XAxisValues"], result["MetricValues"]
                series[pair] = {"x": x, "y": y, "unit": "iteration"}
    return series


def _query(arn: str, metric: str) -> Json:
    return {
        "ResourceArn": arn,
        "MetricName": metric,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }


def _published(
    aws: Clients, jobs: Mapping[str, str], metrics: Sequence[str]
) -> dict[tuple[str, str], Json]:
    """Return what CloudWatch has of the jobs' metrics, in minutes from the first value on."""
    wanted = [(arn, metric) for arn in jobs for metric in metrics]
    now = datetime.now(UTC)
    end = now + timedelta(minutes=1)  # a request has whole seconds, and a value may be of this one
    span: Json = {"StartTime": now - MINUTES_STAY, "EndTime": end, "ScanBy": "TimestampAscending"}
    series: dict[tuple[str, str], Json] = {}
    for asked in _parts(wanted, METRICS):
        queries = [_statistic(f"m{n}", jobs[arn], metric) for n, (arn, metric) in enumerate(asked)]
        get = aws.client("cloudwatch").get_metric_data
        for page in pages(get, MetricDataQueries=queries, **span):
            for result in page["MetricDataResults"]:
                curve = series.setdefault(asked[int(result["Id"][1:])], {"at": [], "y": []})
                curve["at"] += result["Timestamps"]
                curve["y"] += result["Values"]
    return {pair: _by_minute(curve) for pair, curve in series.items() if curve["at"]}


def _by_minute(curve: Json) -> Json:
    first = curve["at"][0]
    minutes = [(at - first).total_seconds() / 60 for at in curve["at"]]
    return {"x": minutes, "y": curve["y"], "unit": "minute"}


def _statistic(name: str, job: str, metric: str) -> Json:
    dimensions = [{"Name": "TrainingJobName", "Value": job}]
    measured = {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": measured, "Period": 60, "Stat": "Average"}}


def _parts(pairs: Sequence[tuple[str, str]], size: int) -> Iterator[Sequence[tuple[str, str]]]:
    for first in range(0, len(pairs), size):
        yield pairs[first : first + size]
