from __future__ import annotations

import math

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.experiments import metric_series

COMPONENT = {"TrialComponentName": "step", "TrialComponentArn": "arn:step"}


def put(aws: Aws, metric: str, *values: float, at: float = 1.0, **members: int) -> None:
    data = [
        {"MetricName": metric, "Timestamp": at + n, "Value": value} | members
        for n, value in enumerate(values)
    ]
    metric_series.put_metrics(aws, "step", data)


def test_points_are_oldest_first_and_counted_where_no_step_was_given(aws: Aws) -> None:
    put(aws, "loss", 3.0, at=30)
    put(aws, "loss", 1.0, 2.0, at=10)
    put(aws, "auc", 0.5, Step=7)
    points = metric_series.points(aws, "step")
    assert [(point.step, point.value) for point in points["loss"]] == [(0, 1), (1, 2), (2, 3)]
    assert [(point.step, point.value) for point in points["auc"]] == [(7, 0.5)]


def test_a_component_that_is_forgotten_leaves_others_alone(aws: Aws) -> None:
    put(aws, "loss", 1.0)
    metric_series.forget(aws, "other")
    assert metric_series.points(aws, "step")
    metric_series.forget(aws, "step")
    assert metric_series.points(aws, "step") == {}


def test_a_summary_names_its_source_and_newest_time(aws: Aws) -> None:
    put(aws, "loss", 1.0, 2.0, at=10)
    (own,) = metric_series.summaries(aws, COMPONENT)
    assert (own["SourceArn"], own["TimeStamp"], own["Last"]) == ("arn:step", 11, 2)
    job = COMPONENT | {"Source": {"SourceArn": "arn:job"}}
    assert metric_series.summaries(aws, job)[0]["SourceArn"] == "arn:job"


@pytest.mark.parametrize(
    ("values", "deviation"),
    [([2.0], 0.0), ([1.0, 3.0], math.sqrt(2)), ([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0], 2.13809)],
)
def test_the_deviation_is_that_of_a_sample(values: list[float], deviation: float) -> None:
    statistics = metric_series.statistics(values)
    assert statistics["StdDev"] == pytest.approx(deviation, abs=1e-5)
    assert (statistics["Count"], statistics["Last"]) == (len(values), values[-1])
