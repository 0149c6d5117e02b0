"""Refusals before a job is stored."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl.checks import check
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.automl.stored import job
from tests.include.local_aws.sagemaker.automl.tables import channel

AUGMENTED = {"S3DataSource": {"S3DataType": "AugmentedManifestFile", "S3Uri": "s3://b/m"}}


def refusal(tabular: Doc | None = None, **members: Any) -> str:
    with pytest.raises(AwsError) as refused:
        check(job(tabular, **members))
    assert refused.value.code == "ValidationException"
    return refused.value.message


@pytest.mark.parametrize(
    ("tabular", "members", "sentence"),
    [
        ({"GenerateCandidateDefinitionsOnly": True}, {}, "GenerateCandidateDefinitionsOnly is not"),
        ({"SampleWeightAttributeName": "w"}, {}, "SampleWeightAttributeName is not emulated"),
        ({"ProblemType": "Regression"}, {}, "both the problem type and the objective metric"),
        (
            {"ProblemType": "Regression"},
            {"AutoMLJobObjective": {"MetricName": "F1"}},
            "F1 is not supported for problem type Regression. Use one of: MSE, RMSE, MAE, R2",
        ),
        (
            {
                "CandidateGenerationConfig": {
                    "AlgorithmsConfig": [{"AutoMLAlgorithms": ["catboost"]}]
                }
            },
            {},
            "algorithm catboost is not supported in mode HYPERPARAMETER_TUNING",
        ),
        (
            {
                "Mode": "ENSEMBLING",
                "CandidateGenerationConfig": {
                    "AlgorithmsConfig": [{"AutoMLAlgorithms": ["lightgbm"]}]
                },
            },
            {},
            "algorithm lightgbm is not supported in mode ENSEMBLING. Use one of: xgboost, randomf",
        ),
        (
            {},
            {"AutoMLProblemTypeConfig": {"ImageClassificationJobConfig": {}}},
            "ImageClassificationJobConfig is not emulated",
        ),
        ({}, {"AutoMLProblemTypeConfig": {}}, "set TabularJobConfig"),
        ({}, {"AutoMLComputeConfig": {}}, "AutoMLComputeConfig is not emulated"),
        ({}, {"DataSplitConfig": {"ValidationFraction": 1.0}}, "ValidationFraction 1.0"),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(tabular: Doc, members: Doc, sentence: str) -> None:
    assert sentence in refusal(tabular, **members)


@pytest.mark.parametrize(
    ("channels", "sentence"),
    [
        ([channel(kind="validation")], "no channel with ChannelType training. Add one."),
        ([channel(), channel()], "two channels with ChannelType training. Remove one."),
        ([channel(DataSource={})], "A channel needs a DataSource with an S3DataSource."),
        ([channel(DataSource=AUGMENTED)], "AugmentedManifestFile is not emulated"),
        ([channel(ContentType="text/csv")], "ContentType text/csv is not supported"),
        (
            [
                channel(TargetAttributeName="a"),
                channel(kind="validation", TargetAttributeName="b"),
            ],
            "Both channels must have the same TargetAttributeName.",
        ),
    ],
)
def test_a_channel_that_cannot_be_read_is_refused(channels: list[Doc], sentence: str) -> None:
    assert sentence in refusal(AutoMLJobInputDataConfig=channels)


def test_a_job_of_two_channels_and_a_metric_is_taken() -> None:
    parquet = channel(kind="validation", ContentType="x-application/vnd.amazon+parquet")
    spaced = channel(kind="training", ContentType="text/csv; header=present")
    check(
        job(
            {"ProblemType": "Regression", "Mode": "AUTO"},
            AutoMLJobInputDataConfig=[spaced, parquet],
            AutoMLJobObjective={"MetricName": "RMSE"},
        )
    )
