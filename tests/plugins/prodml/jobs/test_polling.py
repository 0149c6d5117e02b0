"""A wait ends when the job's own limits, whatever kind it is, say that it never will."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.jobs.polling import LONGEST, limit, pause

MINUTE = {"StoppingCondition": {"MaxRuntimeInSeconds": 60}}
SPOT = {"StoppingCondition": {"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 600}}


def _tuning(**limits: int) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobConfig": {"ResourceLimits": limits},
        "TrainingJobDefinition": MINUTE,
    }


def _automl(**criteria: int) -> dict[str, Any]:
    return {"AutoMLProblemTypeConfig": {"TabularJobConfig": {"CompletionCriteria": criteria}}}


@pytest.mark.parametrize(
    ("description", "seconds"),
    [
        (MINUTE, 60),
        (SPOT, 600),
        (_tuning(MaxNumberOfTrainingJobs=7, MaxParallelTrainingJobs=2), 240),
        (_tuning(MaxNumberOfTrainingJobs=7, MaxParallelTrainingJobs=2, MaxRuntimeInSeconds=90), 90),
        (_automl(MaxAutoMLJobRuntimeInSeconds=900), 900),
        (_automl(MaxCandidates=9), LONGEST),
        ({}, LONGEST),
    ],
)
def test_a_job_is_believed_in_as_long_as_it_may_take(
    description: dict[str, Any], seconds: float
) -> None:
    assert limit(description) == seconds


@pytest.mark.parametrize(("elapsed", "seconds"), [(0, 1), (59, 1), (600, 10), (86400, 30)])
def test_long_jobs_are_polled_less_often(elapsed: float, seconds: float) -> None:
    assert pause(1.0, elapsed) == seconds
