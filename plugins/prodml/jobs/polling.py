"""How often to look at a job, and how long to believe in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

from prodml.vocabulary import Json

SLOWEST = 30.0  # seconds between two looks, at most
QUEUE = 24 * 3600.0  # seconds that a job may wait for instances before it starts
MARGIN = 3600.0  # seconds for what comes after the run: uploads, and stopping
LIMITS = ("StoppingCondition", "HyperParameterTuningJobConfig", "TrainingJobDefinition")
LONGEST = 28 * 24 * 3600.0  # what SageMaker allows a job that states no limit of its own


def pause(poll_interval: float, elapsed: float, usual: float | None = None) -> float:
    """Seconds to the next look.

    A job whose *usual* duration is known is looked at rarely until it is nearly over, then often;
    of an unknown one, short ones are seen at once and long ones cost few calls.
    """
    if usual is None:
        return max(poll_interval, min(SLOWEST, elapsed / 60))
    share = 20 if elapsed < 0.9 * usual else 100
    return max(poll_interval, min(SLOWEST, usual / share))


def limit(description: Json) -> float:
    """Seconds that a job may take by its own limits, waiting for spot included.

    A tuning job has those of its training jobs, as many as run one after another.
    """
    config = description.get("HyperParameterTuningJobConfig", {}).get("ResourceLimits", {})
    if stated := config.get("MaxRuntimeInSeconds"):
        return float(stated)
    each = _longest({**description, **description.get("TrainingJobDefinition", {})})
    number = config.get("MaxNumberOfTrainingJobs", 1)
    return each * ceil(number / config.get("MaxParallelTrainingJobs", 1)) or LONGEST


def _longest(described: Json) -> float:
    condition = described.get("StoppingCondition", {})
    members = ("MaxWaitTimeInSeconds", "MaxRuntimeInSeconds")
    return float(max(condition.get(member, 0) for member in members))


def deadline(description: Json) -> datetime:
    """The moment after which a job that has not ended never will."""
    created = description.get("CreationTime") or datetime.now(UTC)
    return created + timedelta(seconds=limit(description) + QUEUE + MARGIN)


def overdue(description: Json) -> bool:
    """Whether a running job is past its deadline; what cannot be seen is not judged."""
    return "CreationTime" in description and datetime.now(UTC) > deadline(description)
