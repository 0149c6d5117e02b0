"""The training jobs of a tuning job: counters, objectives, the best one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from ...core.account import Aws
from ...core.store import Doc
from ..training.api import TRAINING_JOB

RUNNING = ("InProgress", "Stopping")
RETRYABLE = "InternalServerError"


def children(aws: Aws, tuning_job: str) -> list[Doc]:
    """Return the existing training jobs of a tuning job, oldest first."""
    names = aws.store.children("tuned", tuning_job)
    docs = [aws.store.get(TRAINING_JOB.kind, name) for name in names]
    return sorted(filter(None, docs), key=lambda job: job["TrainingJobName"][-12:-9])


def definitions(tuning_job: Doc) -> list[Doc]:
    single = tuning_job.get("TrainingJobDefinition")
    return [single] if single else list(tuning_job.get("TrainingJobDefinitions", []))


def definition_of(tuning_job: Doc, job: Doc) -> Doc:
    """Return the definition that a training job was made from.

    The definition of a parent's job may be missing here: the first one then applies.
    """
    name, known = job.get("TrainingJobDefinitionName"), definitions(tuning_job)
    return next((d for d in known if d.get("DefinitionName") == name), known[0])


def objective_of(tuning_job: Doc, definition: Doc) -> Doc:
    """Return Type and MetricName of the definition's objective, else of the tuning job's."""
    config = tuning_job["HyperParameterTuningJobConfig"]
    objective: Doc = definition.get("TuningObjective") or config["HyperParameterTuningJobObjective"]
    return objective


def parents_of(tuning_job: Doc) -> list[str]:
    config = tuning_job.get("WarmStartConfig", {})
    parents = config.get("ParentHyperParameterTuningJobs", [])
    return [parent["HyperParameterTuningJobName"] for parent in parents]


def objective_value(tuning_job: Doc, job: Doc) -> float | None:
    """Return the final objective of an ended training job, else None."""
    metric = objective_of(tuning_job, definition_of(tuning_job, job))["MetricName"]
    finals = {m["MetricName"]: m["Value"] for m in job.get("FinalMetricDataList", [])}
    value = finals.get(metric)
    usable = value is not None and math.isfinite(value) and job["TrainingJobStatus"] != "Failed"
    return value if usable else None


def better(values: Iterable[float], objective: Doc) -> float | None:
    """Return the best of *values*, None if empty."""
    return (max if objective["Type"] == "Maximize" else min)(values, default=None)


def summary(tuning_job: Doc, job: Doc) -> Doc:
    """Return the summary of a training job, as the lists of its tuning job have it."""
    objective = objective_of(tuning_job, definition_of(tuning_job, job))
    value = objective_value(tuning_job, job)
    final = (
        {}
        if value is None
        else {"FinalHyperParameterTuningJobObjectiveMetric": objective | {"Value": value}}
    )
    return job | {"ObjectiveStatus": _objective_status(job, value)} | final


def _objective_status(job: Doc, value: float | None) -> str:
    if job["TrainingJobStatus"] in RUNNING:
        return "Pending"
    return "Failed" if value is None else "Succeeded"


def best(tuning_job: Doc, jobs: list[Doc]) -> Doc | None:
    """Return the summary of the best of *jobs*, the earliest among equals."""
    measured = [job for job in jobs if objective_value(tuning_job, job) is not None]
    if not measured:
        return None
    maximize = objective_of(tuning_job, definitions(tuning_job)[0])["Type"] == "Maximize"
    sign = -1 if maximize else 1
    return summary(
        tuning_job, min(measured, key=lambda job: sign * (objective_value(tuning_job, job) or 0.0))
    )


def counters(tuning_job: Doc, jobs: list[Doc]) -> Doc:
    """Return both counters of a tuning job, with all members that AWS returns."""
    statuses = Counter(_counted(job) for job in jobs)
    objectives = Counter(summary(tuning_job, job)["ObjectiveStatus"] for job in jobs)
    kinds = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")
    return {
        "TrainingJobStatusCounters": {kind: statuses[kind] for kind in kinds},
        "ObjectiveStatusCounters": {k: objectives[k] for k in ("Succeeded", "Pending", "Failed")},
    }


def _counted(job: Doc) -> str:
    status: str = job["TrainingJobStatus"]
    if status == "Failed":
        retryable = job.get("FailureReason", "").startswith(RETRYABLE)
        return "RetryableError" if retryable else "NonRetryableError"
    return "InProgress" if status in RUNNING else status
