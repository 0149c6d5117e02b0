"""Decide how often to poll a job, and when to give up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

from prodml.vocabulary import Json

SLOWEST = 30.0  # seconds between two polls, at most
QUEUE = 24 * 3600.0  # seconds that a job may wait for instances before it starts
MARGIN = 3600.0  # seconds for uploading the outputs and stopping
PROBLEM = "AutoMLProblemTypeConfig"
LIMITS = (
    *("StoppingCondition", "HyperParameterTuningJobConfig", "TrainingJobDefinition"),
    PROBLEM,
)
LONGEST = 28 * 24 * 3600.0  # SageMaker's limit for a job without one of its own


def pause(poll_interval: float, elapsed: float, usual: float | None = None) -> float:
    """Return the seconds to the next poll.

    A job whose *usual* duration is known is polled rarely until it is nearly over, then often.
    Otherwise the pause grows with the time elapsed.
    """
    if usual is None:
        return max(poll_interval, min(SLOWEST, elapsed / 60))
    share = 20 if elapsed < 0.9 * usual else 100
    return max(poll_interval, min(SLOWEST, usual / share))


def stated_limits(request: Json) -> Json:
    """Return the members of a create request that limit the job's time."""
    return {key: request[key] for key in LIMITS if key in request}


def limit(description: Json) -> float:
    """Return the seconds that a job may take by its own limits, including the wait for spot.

    For a tuning job without a limit, add up those of the training jobs that run in sequence.
    """
    if tabular := description.get(PROBLEM, {}).get("TabularJobConfig"):
        stated = tabular.get("CompletionCriteria", {}).get("MaxAutoMLJobRuntimeInSeconds")
        return float(stated or LONGEST)
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
    """Return the moment by which a job must have ended."""
    created = description.get("CreationTime") or datetime.now(UTC)
    return created + timedelta(seconds=limit(description) + QUEUE + MARGIN)


def overdue(description: Json) -> bool:
    """Return whether a running job is past its deadline; False if AWS cannot be reached."""
    return "CreationTime" in description and datetime.now(UTC) > deadline(description)
