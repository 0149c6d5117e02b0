"""Members of a description that the request left out."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.training.defaults import with_defaults
from tests.include.local_aws.jobs import SKLEARN, XGBOOST

REQUEST: dict[str, Any] = {
    "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/models"},
    "InputDataConfig": [{"ChannelName": "train", "CompressionType": "Gzip"}],
}


def test_what_aws_always_answers_is_there() -> None:
    """`Estimator.attach` of the SDK reads these members without asking for them."""
    described = with_defaults(REQUEST)
    assert described["OutputDataConfig"]["KmsKeyId"] == ""
    assert described["EnableNetworkIsolation"] is described["EnableManagedSpotTraining"] is False
    assert described["InputDataConfig"][0]["RecordWrapperType"] == "None"
    metrics = described["AlgorithmSpecification"]["MetricDefinitions"]
    assert "validation:auc" in [metric["Name"] for metric in metrics]


@pytest.mark.parametrize(
    "given",
    [
        {"EnableNetworkIsolation": True},
        {"OutputDataConfig": {"S3OutputPath": "s3://b/k", "KmsKeyId": "alias/mine"}},
        {"InputDataConfig": [{"CompressionType": "Gzip", "RecordWrapperType": "RecordIO"}]},
    ],
)
def test_what_is_given_stays(given: dict[str, Any]) -> None:
    described = with_defaults(REQUEST | given)
    assert described[next(iter(given))] == next(iter(given.values()))


def test_metrics_of_a_script_are_the_users() -> None:
    algorithm = {"TrainingImage": SKLEARN, "TrainingInputMode": "File"}
    described = with_defaults(REQUEST | {"AlgorithmSpecification": algorithm})
    assert described["AlgorithmSpecification"] == algorithm
