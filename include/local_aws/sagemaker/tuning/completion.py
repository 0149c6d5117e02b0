"""AWS's completion criteria of a tuning job, and the failure of a search."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...core.store import Doc
from .training_jobs import RUNNING, better, definitions, objective_of, objective_value

ENOUGH = 5  # training jobs without an objective after which AWS stops a search
ALL_FAILED = (
    "All training jobs failed. "
    "Please take a look at the training jobs failures to get more details."
)
NO_OBJECTIVE = (
    "No objective metrics found after running {} training jobs. Please ensure that the custom "
    "algorithm is emitting the objective metric as defined by the regular expression provided."
)


class Completion:
    """The criteria of one tuning job's *request*, applied to its training jobs so far."""

    def __init__(self, request: Doc) -> None:
        self._request = request
        config: Doc = request["HyperParameterTuningJobConfig"]
        self._limits: Doc = config["ResourceLimits"]
        self._criteria: Doc = config.get("TuningJobCompletionCriteria", {})
        self._objective = objective_of(request, definitions(request)[0])

    def met(self, jobs: Sequence[Doc], now: float) -> bool:
        """Return whether the time, the target, or the limit without improvement is reached."""
        return (
            now - self._request["CreationTime"] > self._limits.get("MaxRuntimeInSeconds", math.inf)
            or self._target_reached(jobs)
            or self.not_improving(jobs) >= self._patience()
        )

    def _target_reached(self, jobs: Sequence[Doc]) -> bool:
        target = self._criteria.get("TargetObjectiveMetricValue")
        maximize = self._objective["Type"] == "Maximize"
        return target is not None and any(
            value >= target if maximize else value <= target for value in self._values(jobs)
        )

    def not_improving(self, jobs: Sequence[Doc]) -> int:
        """Return the number of training jobs that have ended after the best one."""
        values = self._values(jobs)
        best = better(values, self._objective)
        return len(values) - 1 - values.index(best) if best is not None else 0

    def _patience(self) -> float:
        criterion = self._criteria.get("BestObjectiveNotImproving", {})
        return float(criterion.get("MaxNumberOfTrainingJobsNotImproving", math.inf))

    def _values(self, jobs: Sequence[Doc]) -> list[float]:
        values = (objective_value(self._request, job) for job in jobs)
        return [value for value in values if value is not None]

    def given_up(self, jobs: Sequence[Doc]) -> bool:
        """Return whether the first jobs have ended, all without an objective."""
        ended = [job for job in jobs if job["TrainingJobStatus"] not in RUNNING]
        return len(ended) >= ENOUGH and not self._values(ended)

    def failure(self, jobs: Sequence[Doc]) -> str | None:
        """Return why an ended search has failed; None if it has an objective."""
        stopped = any(job["TrainingJobStatus"] == "Stopped" for job in jobs)
        if not jobs or stopped or self._values(jobs):
            return None
        failed = all(job["TrainingJobStatus"] == "Failed" for job in jobs)
        return ALL_FAILED if failed else NO_OBJECTIVE.format(len(jobs))
