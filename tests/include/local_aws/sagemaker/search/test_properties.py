from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.search import properties
from include.local_aws.sagemaker.search.resources import searched
from include.local_aws.wire.errors import AwsError

JOB = searched("TrainingJob").shape
COMPONENT = searched("ExperimentTrialComponent").shape


@pytest.mark.parametrize(
    ("name", "doc", "kind", "values"),
    [
        ("trainingJobName", {"TrainingJobName": "a"}, properties.TEXT, ["a"]),
        ("TrainingTimeInSeconds", {}, properties.NUMBER, []),
        ("CreationTime", {"CreationTime": 1.5}, properties.TIME, [1.5]),
        ("HyperParameters.a.b", {"HyperParameters": {"a.b": "1"}}, properties.EITHER, ["1"]),
        ("ResourceConfig", {"ResourceConfig": {}}, properties.WHOLE, [{}]),
        (
            "InputDataConfig.ChannelName",
            {"InputDataConfig": [{"ChannelName": "x"}, {"ChannelName": "y"}]},
            properties.TEXT,
            ["x", "y"],
        ),
        ("Tags.a", {"Tags": [{"Key": "a", "Value": "1"}]}, properties.TEXT, ["1"]),
        (
            "metrics.validation:auc",
            {"FinalMetricDataList": [{"MetricName": "validation:auc", "Value": 0.9}]},
            properties.NUMBER,
            [0.9],
        ),
    ],
)
def test_a_jobs_properties(name: str, doc: Any, kind: str, values: list[Any]) -> None:
    property_ = properties.find(JOB, name)
    assert property_.kind == kind
    assert property_.read(doc) == values


def test_a_components_metrics_are_read_by_statistic() -> None:
    doc = {"Metrics": [{"MetricName": "a.b", "Max": 2.0}]}
    assert properties.find(COMPONENT, "Metrics.a.b.max").read(doc) == [2]
    with pytest.raises(AwsError, match=r"Unknown property name: Metrics\.a\.b"):
        properties.find(COMPONENT, "Metrics.a.b")


def test_a_parameter_is_the_value_in_its_structure() -> None:
    property_ = properties.find(COMPONENT, "Parameters.depth")
    assert property_.read({"Parameters": {"depth": {"NumberValue": 3.0}}}) == [3]
    artifact = properties.find(COMPONENT, "InputArtifacts.rows")
    doc = {"InputArtifacts": {"rows": {"Value": "s3://a", "MediaType": "text/csv"}}}
    assert artifact.read(doc) == ["s3://a"]


def test_only_hyperparameters_are_compared_as_whole_numbers() -> None:
    assert properties.find(JOB, "HyperParameters.depth").whole_numbers
    assert not properties.find(JOB, "TrainingTimeInSeconds").whole_numbers


@pytest.mark.parametrize("name", ["Unknown", "TrainingJobName.x", "ResourceConfig.Unknown"])
def test_unknown_properties_are_refused_by_name(name: str) -> None:
    with pytest.raises(AwsError, match=f"Unknown property name: {name}"):
        properties.find(JOB, name)
