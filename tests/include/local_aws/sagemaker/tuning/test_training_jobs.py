from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.tuning import training_jobs

OBJECTIVE = {"Type": "Maximize", "MetricName": "score"}
TUNING: dict[str, Any] = {
    "HyperParameterTuningJobConfig": {"HyperParameterTuningJobObjective": OBJECTIVE},
    "TrainingJobDefinition": {"RoleArn": "arn:aws:iam::000000000000:role/prodml"},
}


def job(name: str, status: str, score: float | None = None, reason: str = "") -> dict[str, Any]:
    metrics = [] if score is None else [{"MetricName": "score", "Value": score}]
    return {
        "TrainingJobName": name,
        "TrainingJobStatus": status,
        "FinalMetricDataList": metrics,
        "FailureReason": reason,
    }


JOBS = [
    job("a", "Completed", 1.0),
    job("b", "Completed", 3.0),
    job("c", "Stopped", 3.0),
    job("d", "Failed", 9.0, "AlgorithmError: 1"),
    job("e", "Failed", reason="InternalServerError: restarted"),
    job("f", "InProgress"),
    job("g", "Completed"),
]


def test_each_job_is_counted_once() -> None:
    counters = training_jobs.counters(TUNING, JOBS)
    assert counters["TrainingJobStatusCounters"] == {
        "Completed": 3,
        "InProgress": 1,
        "RetryableError": 1,
        "NonRetryableError": 1,
        "Stopped": 1,
    }
    assert counters["ObjectiveStatusCounters"] == {"Succeeded": 3, "Pending": 1, "Failed": 3}


def test_the_best_is_the_earliest_among_equals_and_never_one_that_failed() -> None:
    best = training_jobs.best(TUNING, JOBS)
    assert best
    assert best["TrainingJobName"] == "b"
    assert best["FinalHyperParameterTuningJobObjectiveMetric"] == OBJECTIVE | {"Value": 3.0}
    assert training_jobs.best(TUNING, JOBS[3:]) is None


@pytest.mark.parametrize(("kind", "best"), [("Maximize", 2.0), ("Minimize", 1.0)])
def test_the_better_of_values_follows_the_objective(kind: str, best: float) -> None:
    assert training_jobs.better([1.0, 2.0], {"Type": kind}) == best
    assert training_jobs.better([], {"Type": kind}) is None


def test_a_definition_may_have_an_objective_of_its_own() -> None:
    own = {"Type": "Minimize", "MetricName": "loss"}
    several = TUNING | {
        "TrainingJobDefinition": None,
        "TrainingJobDefinitions": [
            {"DefinitionName": "x"},
            {"DefinitionName": "y", "TuningObjective": own},
        ],
    }
    definition = training_jobs.definition_of(several, {"TrainingJobDefinitionName": "y"})
    assert training_jobs.objective_of(several, definition) == own
    unknown = training_jobs.definition_of(several, {"TrainingJobDefinitionName": "of a parent"})
    assert unknown["DefinitionName"] == "x"
    assert training_jobs.objective_of(several, {"DefinitionName": "x"}) == OBJECTIVE


def test_an_objective_that_is_not_a_number_is_ignored() -> None:
    for value in (float("nan"), float("inf")):
        summary = training_jobs.summary(TUNING, job("a", "Completed", value))
        assert summary["ObjectiveStatus"] == "Failed"
