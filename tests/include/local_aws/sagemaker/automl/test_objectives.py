"""Metrics by AWS's names and by those in the log."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.automl.objectives import (
    BINARY,
    METRICS,
    REGRESSION,
    candidate_metrics,
    check_objective,
    direction,
    logged,
    objective_of,
)
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.model import service


@pytest.mark.parametrize("metric", ["F1", "Accuracy"])
def test_a_metric_of_the_problem_type_is_taken(metric: str) -> None:
    check_objective(BINARY, metric)
    check_objective(None, None)


@pytest.mark.parametrize(("problem", "metric"), [(BINARY, None), (None, "F1")])
def test_one_of_the_two_alone_is_refused(problem: str | None, metric: str | None) -> None:
    with pytest.raises(AwsError, match="or neither of them"):
        check_objective(problem, metric)


def test_every_metric_is_one_of_the_api_and_is_logged_once() -> None:
    known = set(service("sagemaker").shape_for("AutoMLMetricEnum").enum)
    for problem, names in METRICS.items():
        assert set(names) <= known
        assert len(set(logged(problem))) == len(logged(problem))


def test_a_job_without_an_objective_is_ranked_by_awss_default() -> None:
    assert objective_of({"ResolvedProblemType": REGRESSION}) == "MSE"
    stated = {"AutoMLJobObjective": {"MetricName": "AUC"}, "ResolvedProblemType": BINARY}
    assert objective_of(stated) == "AUC"


def test_errors_are_made_small_and_shares_large() -> None:
    directions = [direction(metric) for metric in ("RMSE", "MAE", "R2", "AUC")]
    assert directions == ["Minimize", "Minimize", "Maximize", "Maximize"]


def test_metrics_of_the_log_get_the_names_of_the_api() -> None:
    finals = [
        {"MetricName": "validation:f1_binary", "Value": 0.5},
        {"MetricName": "train:logloss", "Value": 0.25},
        {"MetricName": "train:seconds", "Value": 9.0},
    ]
    assert candidate_metrics(BINARY, finals) == [
        {"MetricName": "F1", "StandardMetricName": "F1", "Set": "Validation", "Value": 0.5},
        {"StandardMetricName": "LogLoss", "Set": "Train", "Value": 0.25},
    ]
