from __future__ import annotations

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.tuning.completion import ALL_FAILED, Completion


def completion(kind: str = "Maximize", criteria: Doc | None = None, **limits: float) -> Completion:
    objective = {"Type": kind, "MetricName": "score"}
    return Completion(
        {
            "HyperParameterTuningJobConfig": {
                "HyperParameterTuningJobObjective": objective,
                "ResourceLimits": limits,
                "TuningJobCompletionCriteria": criteria or {},
            },
            "TrainingJobDefinition": {"RoleArn": "arn:aws:iam::000000000000:role/prodml"},
            "CreationTime": 1000.0,
        }
    )


def jobs(*scores: float | str) -> list[Doc]:
    """Return a completed job for each number, and a job without an objective for a status."""
    return [
        {"TrainingJobStatus": score}
        if isinstance(score, str)
        else {
            "TrainingJobStatus": "Completed",
            "FinalMetricDataList": [{"MetricName": "score", "Value": score}],
        }
        for score in scores
    ]


def test_the_time_limit_counts_from_the_creation() -> None:
    search = completion(MaxRuntimeInSeconds=60)
    assert not search.met(jobs(1.0), now=1059)
    assert search.met(jobs(1.0), now=1061)
    assert not completion().met(jobs(1.0), now=1e9)


@pytest.mark.parametrize(("kind", "best"), [("Maximize", 2.0), ("Minimize", 1.0)])
def test_a_target_is_reached_by_one_job(kind: str, best: float) -> None:
    other = 3.0 - best
    search = completion(kind, {"TargetObjectiveMetricValue": best})
    assert not search.met(jobs(other, "Failed", "InProgress"), now=1000)
    assert search.met(jobs(other, best), now=1000)


def test_patience_counts_measured_jobs_since_the_best() -> None:
    criterion = {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 2}}
    search = completion(criteria=criterion)
    assert search.not_improving(jobs(1.0, 3.0, "Failed", 2.0)) == 1
    assert not search.met(jobs(1.0, 3.0, 2.0), now=1000)
    assert search.met(jobs(1.0, 3.0, 2.0, 2.5), now=1000)


def test_a_search_is_given_up_after_five_jobs_without_an_objective() -> None:
    search = completion()
    assert not search.given_up(jobs(*["Failed"] * 4, "InProgress"))
    assert search.given_up(jobs(*["Failed"] * 5, "InProgress"))
    assert search.given_up(jobs(*["Completed"] * 5))
    assert not search.given_up(jobs(*["Failed"] * 9, 1.0))


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        ([], None),
        (["Failed", 1.0], None),
        (["Failed", "Stopped"], None),
        (["Failed", "Failed"], ALL_FAILED),
        (["Failed", "Completed"], "No objective metrics found after running 2 training jobs."),
        (["Completed", float("nan")], "No objective metrics found after running 2 training jobs."),
    ],
)
def test_a_search_that_found_nothing_has_failed(
    ended: list[float | str], reason: str | None
) -> None:
    failure = completion().failure(jobs(*ended))
    assert failure == reason or (reason and str(failure).startswith(reason))
