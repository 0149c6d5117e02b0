"""The candidates of an AutoML job: its tuning job's training jobs, with what serves them."""

from __future__ import annotations

import math

from ...core.account import Aws
from ...core.store import Doc
from . import ensembling, settings
from .containers import containers
from .objectives import METRICS, candidate_metrics, direction, objective_of
from .steps import STEPS, TRAINING, Steps

RUNNING = ("InProgress", "Stopping")


def candidates(aws: Aws, job: Doc) -> list[Doc]:
    """Return the candidates so far, the oldest first."""
    begun = Steps(aws, job).begun()
    if settings.is_ensembling(job):
        trials = [begun[part] for part in ensembling.PARTS if part in begun]
        return [_candidate(aws.region, job, begun, doc) for doc in trials]
    tuning = begun.get("tuning")
    names = aws.store.children("tuned", tuning["HyperParameterTuningJobName"]) if tuning else []
    trained = [doc for doc in (aws.store.get(TRAINING.kind, name) for name in names) if doc]
    return [_candidate(aws.region, job, begun, doc) for doc in trained]


def best(listed: list[Doc]) -> Doc | None:
    """Return the best candidate with a final objective, the earliest of equals."""
    finals = [c for c in listed if "FinalAutoMLJobObjectiveMetric" in c]
    if not finals:
        return None
    sign = 1 if finals[0]["FinalAutoMLJobObjectiveMetric"]["Type"] == "Minimize" else -1
    return min(finals, key=lambda c: sign * c["FinalAutoMLJobObjectiveMetric"]["Value"])


def _candidate(region: str, job: Doc, begun: dict[str, Doc], trained: Doc) -> Doc:
    status = trained["TrainingJobStatus"]
    problem = job["ResolvedProblemType"]
    steps = [STEPS[part].candidate_step(begun[part]) for part in _before(trained) if part in begun]
    candidate: Doc = {
        "CandidateName": trained["TrainingJobName"],
        "CandidateStatus": status,
        "ObjectiveStatus": "Pending" if status in RUNNING else "Failed",
        "CandidateSteps": [*steps, TRAINING.candidate_step(trained)],
        "CreationTime": trained["CreationTime"],
        "LastModifiedTime": trained["LastModifiedTime"],
    }
    if "TrainingEndTime" in trained:
        candidate["EndTime"] = trained["TrainingEndTime"]
    if "FailureReason" in trained:
        candidate["FailureReason"] = trained["FailureReason"]
    if status not in RUNNING and (final := _final(job, trained)):
        candidate |= {
            "ObjectiveStatus": "Succeeded",
            "FinalAutoMLJobObjectiveMetric": final,
            "InferenceContainers": _containers(problem, region, begun, trained),
            "CandidateProperties": {
                "CandidateMetrics": candidate_metrics(problem, trained["FinalMetricDataList"])
            },
        }
    return candidate


def _processor(trained: Doc) -> str | None:
    """Return the part of the data processor; None of an ensemble, which has its own."""
    definition = trained.get("TrainingJobDefinitionName")
    return str(definition).partition("-")[0] if definition else None


def _before(trained: Doc) -> tuple[str, ...]:
    processor = _processor(trained)
    return ("db", processor, f"{processor}-csv") if processor else ("db",)


def _containers(problem: str, region: str, begun: dict[str, Doc], trained: Doc) -> list[Doc]:
    processor = _processor(trained)
    if processor is None:
        return [ensembling.container(region, trained)]
    return containers(problem, region, begun[processor], trained) if processor in begun else []


def _final(job: Doc, trained: Doc) -> Doc | None:
    """Return the objective's final value; None of a job that failed or left no model."""
    objective = objective_of(job)
    name = f"validation:{METRICS[job['ResolvedProblemType']][objective]}"
    finals = {m["MetricName"]: m["Value"] for m in trained.get("FinalMetricDataList", [])}
    value = finals.get(name)
    has_model = bool(trained.get("ModelArtifacts", {}).get("S3ModelArtifacts"))
    if value is None or not math.isfinite(value) or not has_model:
        return None
    if trained["TrainingJobStatus"] == "Failed":
        return None
    return {
        "Type": direction(objective),
        "MetricName": objective,
        "StandardMetricName": objective,
        "Value": value,
    }
