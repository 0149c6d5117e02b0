"""Paths of property references and of JsonGet."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.pipelines.paths import BadPath, lookup

JOB: dict[str, Any] = {
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model"},
    "Outputs": [{"OutputName": "train", "S3Output": {"S3Uri": "s3://b/train"}}],
    "FinalMetricDataList": [{"MetricName": "validation:auc", "Value": 0.9}],
    "metrics": {"auc.value": [1, 2]},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ModelArtifacts.S3ModelArtifacts", "s3://b/model"),
        ("$.ModelArtifacts.S3ModelArtifacts", "s3://b/model"),
        ("Outputs['train'].S3Output.S3Uri", "s3://b/train"),
        ('Outputs["train"].S3Output.S3Uri', "s3://b/train"),
        ("Outputs[0].OutputName", "train"),
        ("FinalMetricDataList['validation:auc'].Value", 0.9),
        ("metrics['auc.value'][1]", 2),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: Any) -> None:
    assert lookup(JOB, path) == value


@pytest.mark.parametrize(
    "path", ["Nothing", "Outputs['test']", "Outputs[7]", "Outputs[", "ModelArtifacts.a.b"]
)
def test_a_path_without_a_value_is_named(path: str) -> None:
    with pytest.raises(BadPath) as caught:
        lookup(JOB, path)
    assert repr(path) in str(caught.value)
