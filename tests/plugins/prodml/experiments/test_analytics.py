"""What an experiment's components say of its training jobs."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws
from prodml.experiments.analytics import curves, job_of, training_rows


def test_a_training_job_is_a_row_with_its_status_and_trial(
    trained: dict[str, Any], experiment: str
) -> None:
    rows = training_rows(Aws(), experiment)
    row = next(row for row in rows if row["job"] == trained["job_name"])
    assert (row["status"], row["trial"]) == ("Completed", trained["trial"])
    assert row["validation:auc - Last"] == trained["metrics"]["validation:auc"]


def test_an_experiment_without_trials_has_no_rows(sagemaker: Any, unique: str) -> None:
    sagemaker.create_experiment(ExperimentName=unique)
    assert training_rows(Aws(), unique) == []


def test_curves_have_a_value_for_each_iteration(trained: dict[str, Any], sagemaker: Any) -> None:
    name = trained["job_name"]
    arn = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobArn"]
    found = curves(Aws(), [arn], ["validation:auc", "never:reported"])
    assert list(found) == [(arn, "validation:auc")]
    assert len(found[arn, "validation:auc"]["y"]) == 5  # num_round


def test_the_name_of_a_job_is_that_of_its_component() -> None:
    assert job_of("Retrain-1-aws-training-job") == "Retrain-1"
    assert job_of("Retrain-1") == "Retrain-1"
