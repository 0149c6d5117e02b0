"""Read the curves of chosen trials."""

from __future__ import annotations

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import InvalidInputError
from prodml.studio.experiments.metric_curves import metric_curves

from include.local_aws.testing import Server

ARN = "arn:aws:sagemaker:us-east-1:000000000000:training-job/"


def test_a_curve_is_read_from_cloudwatch_by_the_jobs_name(server: Server, unique: str) -> None:
    name = f"Job-{unique}"
    server.client("cloudwatch").put_metric_data(
        Namespace="/aws/sagemaker/TrainingJobs",
        MetricData=[
            {
                "MetricName": "loss",
                "Dimensions": [{"Name": "TrainingJobName", "Value": name}],
                "Value": 0.25,
            }
        ],
    )
    (curve,) = metric_curves(Aws(), {f"{ARN}{name.lower()}": name}, ["loss"])
    assert curve == {"job": name, "metric": "loss", "unit": "minute", "x": [0.0], "y": [0.25]}


def test_nothing_chosen_needs_no_call() -> None:
    assert metric_curves(Aws(), {}, ["loss"]) == []


def test_too_many_trials_are_refused_with_the_limit() -> None:
    jobs = {f"{ARN}j{number}": f"j{number}" for number in range(21)}
    with pytest.raises(InvalidInputError, match=r"21 trials .* at most 20 trials"):
        metric_curves(Aws(), jobs, ["loss"])


@pytest.mark.parametrize("arn", [f"{ARN}other", "arn:aws:sagemaker:us-east-1:0:endpoint/job"])
def test_an_arn_that_is_not_of_the_job_is_refused(arn: str) -> None:
    with pytest.raises(InvalidInputError, match="is not the ARN of training job 'job'"):
        metric_curves(Aws(), {arn: "job"}, ["loss"])
