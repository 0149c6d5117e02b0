"""Read what SageMaker knows of an experiment's training jobs."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.experiments.analytics import QUERIES, curves, job_of, training_rows

from include.local_aws.testing import Server


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


@pytest.mark.parametrize(
    ("component", "job"),
    [
        ("churn-20240506T0000-tree-aws-training-job", "churn-20240506T0000-tree"),
        ("of-another-making", "of-another-making"),
    ],
)
def test_a_job_has_the_name_of_its_component(component: str, job: str) -> None:
    assert job_of(component) == job


def test_a_row_has_the_job_its_status_and_its_trial(
    aws: Aws, experiment: str, trained: dict[str, Any]
) -> None:
    rows = {row["job"]: row for row in training_rows(aws, experiment)}
    row = rows[trained["job_name"]]
    assert (row["status"], row["trial"]) == ("Completed", trained["trial"])
    assert row["validation:auc - Last"] == trained["metrics"]["validation:auc"]
    cells = [cell for row in rows.values() for cell in row.values() if isinstance(cell, float)]
    assert not any(map(math.isnan, cells))


def test_components_that_no_job_has_made_are_no_rows(aws: Aws, sagemaker: Any, unique: str) -> None:
    sagemaker.create_experiment(ExperimentName=unique)
    assert training_rows(aws, unique) == []
    sagemaker.create_trial(TrialName=unique, ExperimentName=unique)
    sagemaker.create_trial_component(TrialComponentName=unique)
    sagemaker.associate_trial_component(TrialName=unique, TrialComponentName=unique)
    assert training_rows(aws, unique) == []


def test_a_curve_is_found_beyond_the_first_hundred_series(
    aws: Aws, sagemaker: Any, trained: dict[str, Any]
) -> None:
    job = sagemaker.describe_training_job(TrainingJobName=trained["job_name"])
    arn, auc = job["TrainingJobArn"], "validation:auc"
    jobs = {arn: trained["job_name"]}
    series = curves(aws, jobs, [*(f"unknown-{n}" for n in range(QUERIES)), auc])
    assert list(series) == [(arn, auc)]
    curve = series[arn, auc]
    assert len(curve["x"]) == len(curve["y"]) == 5  # num_round
    assert curve["y"][-1] == pytest.approx(trained["metrics"][auc])


def test_no_series_is_no_question(aws: Aws) -> None:
    assert curves(aws, {}, ["validation:auc"]) == {}


def test_a_curve_that_sagemaker_metrics_lacks_is_read_from_cloudwatch(
    aws: Aws, server: Server, unique: str
) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    value = {
        "MetricName": "validation:auc",
        "Dimensions": [{"Name": "TrainingJobName", "Value": unique}],
    }
    server.client("cloudwatch").put_metric_data(
        Namespace="/aws/sagemaker/TrainingJobs",
        MetricData=[
            value | {"Timestamp": now - timedelta(minutes=4 - minute), "Value": 0.8 + minute / 100}
            for minute in (0, 1, 3)
        ],
    )
    arn = f"arn:aws:sagemaker:us-east-1:000000000000:training-job/{unique}"
    curve = curves(aws, {arn: unique}, ["validation:auc", "train:auc"])
    assert list(curve) == [(arn, "validation:auc")]
    assert curve[arn, "validation:auc"]["x"] == [0.0, 1.0, 3.0]
    assert curve[arn, "validation:auc"]["y"] == pytest.approx([0.8, 0.81, 0.83])
    assert curve[arn, "validation:auc"]["unit"] == "minute"
