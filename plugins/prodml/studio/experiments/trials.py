"""Read experiments, and the training jobs of one of them as trials."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import Any, TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.experiments.analytics import TRAINING_JOB, job_of
from prodml.experiments.ranking import MODEL, STOPPED_BY, USABLE, parameters
from prodml.experiments.search import components, row_of
from prodml.studio.moments import iso
from prodml.studio.together import concurrently
from prodml.vocabulary import JobStatus, Json

OF_TRAINING = {"Name": "Source.SourceArn", "Operator": "Contains", "Value": TRAINING_JOB}
CODE = "sagemaker_submit_directory"  # the hyperparameter with the address of the code
STATISTICS = {"last": "Last", "min": "Min", "max": "Max", "avg": "Avg"}


class Experiment(TypedDict):
    """An experiment to choose."""

    name: str
    created: str | None
    modified: str | None


class Trial(TypedDict):
    """A training job of an experiment; *metrics* has the statistics of each metric by name."""

    name: str
    trial: str
    job: str
    arn: str
    status: str
    progress: str
    reason: str
    usable: bool
    created: str | None
    seconds: int | None
    instance_type: str
    instances: int
    parameters: dict[str, float | str]
    metrics: dict[str, dict[str, float]]
    data: dict[str, str]
    code: str
    model: str


def experiments(aws: Clients) -> list[Experiment]:
    """Return the account's experiments: that of the newest trial first, then the newest ones."""
    search = aws.client("sagemaker").search
    order: Json = {"SortBy": "CreationTime", "SortOrder": "Descending"}
    with concurrently() as reads:
        trial = reads.start(lambda: search(Resource="ExperimentTrial", MaxResults=1, **order))
        listed = pages(search, Resource="Experiment", MaxResults=100, **order)
        known = [_experiment(result["Experiment"]) for page in listed for result in page["Results"]]
    newest = trial.result()["Results"]
    used = newest[0]["Trial"]["ExperimentName"] if newest else None
    return sorted(known, key=lambda experiment: experiment["name"] != used)


def _experiment(described: Json) -> Experiment:
    return {
        "name": described["ExperimentName"],
        "created": iso(described.get("CreationTime")),
        "modified": iso(described.get("LastModifiedTime")),
    }


def trials(aws: Clients, experiment: str, most: int | None = None) -> list[Trial]:
    """Return the training jobs of *experiment*, the newest first; a hundred need one call.

    :param most: The number of trials; None means all of them.
    """
    newest = components(aws, experiment, OF_TRAINING)
    return [trial_of(component) for component in islice(newest, most)]


def trial_of(component: Json) -> Trial:
    """Return a searched component of a training job as a trial."""
    row = row_of(component)
    job: Json = component.get("SourceDetail", {}).get("TrainingJob", {})
    status = job.get("TrainingJobStatus") or component.get("Status", {}).get("PrimaryStatus", "")
    resources = job.get("ResourceConfig", {})
    name = job.get("TrainingJobName") or job_of(component["TrialComponentName"])
    return {
        "name": component.get("DisplayName") or name,
        "trial": next(iter(row["Trials"]), ""),
        "job": name,
        "arn": component["Source"]["SourceArn"],
        "status": status,
        "progress": job.get("SecondaryStatus", ""),
        "reason": _reason(row, job, component),
        "usable": status == JobStatus.COMPLETED or row.get(MODEL) == USABLE,
        "created": iso(job.get("CreationTime") or component.get("CreationTime")),
        "seconds": _seconds(job),
        "instance_type": resources.get("InstanceType", ""),
        "instances": resources.get("InstanceCount", 0),
        "parameters": parameters(row),
        "metrics": _metrics(component),
        "data": _data(component),
        "code": _unquoted(job.get("HyperParameters", {}).get(CODE, "")),
        "model": job.get("ModelArtifacts", {}).get("S3ModelArtifacts", ""),
    }


def _reason(row: Json, job: Json, component: Json) -> str:
    """Return why the job ended without a model, or which rule stopped it; empty if it did not."""
    if STOPPED_BY in row:
        return f"Stopped by rule {row[STOPPED_BY]}"
    reported = job.get("FailureReason") or component.get("Status", {}).get("Message", "")
    return str(reported)


def _seconds(job: Json) -> int | None:
    if (billed := job.get("BillableTimeInSeconds")) is not None:
        return int(billed)
    began, ended = job.get("TrainingStartTime"), job.get("TrainingEndTime")
    return round((ended - began).total_seconds()) if began and ended else None


def _metrics(component: Json) -> dict[str, dict[str, float]]:
    """Return the finite statistics of each metric: JSON has no NaN."""
    return {
        summary["MetricName"]: {
            name: summary[member]
            for name, member in STATISTICS.items()
            if math.isfinite(summary.get(member, math.nan))
        }
        for summary in component.get("Metrics", [])
    }


def _data(component: Json) -> dict[str, str]:
    """Return the addresses of the data by channel, without the image and the code."""
    artifacts: Mapping[str, Any] = component.get("InputArtifacts", {})
    return {
        name: artifact["Value"]
        for name, artifact in artifacts.items()
        if artifact.get("Value", "").startswith("s3://")
    }


def _unquoted(value: str) -> str:
    """Return a hyperparameter that script mode stores as JSON text without its quotes."""
    return value.strip('"')
