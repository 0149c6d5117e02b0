"""The members of a job, as both versions of the API state them."""

from __future__ import annotations

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl import settings
from tests.include.local_aws.sagemaker.automl.stored import HOME, job
from tests.include.local_aws.sagemaker.automl.tables import channel


def first_version(config: Doc | None = None, **members: Doc | str) -> Doc:
    """Return CreateAutoMLJob, stored as the second version takes it."""
    given = [channel(TargetAttributeName="churn")]
    request: Doc = {"InputDataConfig": given, "AutoMLJobName": "job"} | members
    return settings.second_version(request | ({"AutoMLJobConfig": config} if config else {}))


def test_a_request_of_the_first_version_gets_the_members_of_the_second() -> None:
    config = {
        "CompletionCriteria": {"MaxCandidates": 3},
        "SecurityConfig": {"VolumeKmsKeyId": "key"},
        "DataSplitConfig": {"ValidationFraction": 0.1},
        "CandidateGenerationConfig": {"FeatureSpecificationS3Uri": "s3://b/features"},
    }
    stored = first_version(config, ProblemType="Regression")
    tabular = settings.tabular(stored)
    assert (tabular["TargetAttributeName"], tabular["ProblemType"]) == ("churn", "Regression")
    assert tabular["FeatureSpecificationS3Uri"] == "s3://b/features"
    assert settings.criteria(stored) == {"MaxCandidates": 3}
    assert stored["SecurityConfig"] == {"VolumeKmsKeyId": "key"}
    assert stored["DataSplitConfig"] == {"ValidationFraction": 0.1}
    assert stored["AutoMLJobConfig"] == config, "DescribeAutoMLJob answers what was sent"


def test_what_the_first_version_leaves_out_is_not_there_in_the_second() -> None:
    stored = first_version()
    assert settings.tabular(stored) == {"TargetAttributeName": "churn"}
    assert settings.criteria(stored) == {}
    assert "SecurityConfig" not in stored


def test_a_channel_without_a_type_is_the_training_channel() -> None:
    held = channel("s3://b/held", "validation")
    both = job(AutoMLJobInputDataConfig=[held, channel()])
    assert settings.channel(both, "training") == channel()
    assert settings.channel(both, "validation") == held
    assert settings.channel(job(), "validation") is None


def test_all_algorithms_are_tried_unless_the_job_names_some() -> None:
    several = [{"AutoMLAlgorithms": ["mlp", "xgboost"]}, {"AutoMLAlgorithms": ["mlp"]}]
    chosen = {"CandidateGenerationConfig": {"AlgorithmsConfig": several}}
    assert settings.algorithms(job(chosen)) == ["xgboost", "mlp"]
    assert settings.algorithms(job()) == ["xgboost", "linear-learner", "mlp"]


def test_a_place_lies_below_the_output_of_the_job() -> None:
    assert settings.place(job(), "a", "b") == f"{HOME}/a/b"
