"""The requests of a job's steps, held to SageMaker's own model."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.automl.requests import Requests
from include.local_aws.sagemaker.automl.searches import KNOWN
from include.local_aws.testing import REGION
from include.local_aws.wire.model import operation
from include.local_aws.wire.validation import check
from tests.include.local_aws.sagemaker.automl.stored import HOME, job
from tests.include.local_aws.sagemaker.automl.tables import channel

XGBOOST, MLP = KNOWN["xgboost"], KNOWN["mlp"]
VPC = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}


def requests(tabular: Doc | None = None, **members: Any) -> Requests:
    return Requests(job(tabular, **members), REGION)


def made(made_by: Requests) -> dict[str, Doc]:
    """Return the request of each step by its noun."""
    return {
        "ProcessingJob": made_by.analysis(),
        "TrainingJob": made_by.processor(MLP),
        "TransformJob": made_by.transform(MLP, "model"),
        "HyperParameterTuningJob": made_by.tuning(20, 3600),
    }


@pytest.mark.parametrize("problem", ["BinaryClassification", "MulticlassClassification"])
def test_every_request_is_one_that_sagemaker_takes(problem: str) -> None:
    for noun, request in made(requests(ResolvedProblemType=problem, ResolvedClasses=3)).items():
        model = operation("sagemaker", f"Create{noun}")
        assert model
        check(request | {f"{noun}Name": "step"}, model)


def test_each_channel_of_the_job_is_an_input_of_its_analysis() -> None:
    given = [channel(), channel("s3://b/held", "validation")]
    analysis = requests({"ProblemType": "Regression"}, AutoMLJobInputDataConfig=given).analysis()
    places = [part["S3Input"]["S3Uri"] for part in analysis["ProcessingInputs"]]
    code = f"{HOME}/sagemaker-automl-candidates/code/"
    assert places == [code, "s3://b/data", "s3://b/held"]
    words = analysis["AppSpecification"]["ContainerArguments"]
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert options["--problem-type"] == "Regression"
    assert options["--validation"] == "/opt/ml/processing/input/validation"


def test_a_job_that_states_no_split_and_no_problem_gets_the_documented_split() -> None:
    words = requests().analysis()["AppSpecification"]["ContainerArguments"]
    assert words[words.index("--fraction") + 1] == "0.2"
    assert "--problem-type" not in words
    own = requests(DataSplitConfig={"ValidationFraction": 0.3}).analysis()
    assert "0.3" in own["AppSpecification"]["ContainerArguments"]


def test_a_transform_writes_where_its_processors_candidates_read() -> None:
    written = requests().transform(XGBOOST, "m")["TransformOutput"]["S3OutputPath"]
    (definition, *_) = requests().tuning(1, None)["TrainingJobDefinitions"]
    sources = [part["DataSource"]["S3DataSource"] for part in definition["InputDataConfig"]]
    assert [source["S3Uri"] for source in sources] == [
        f"{written}/train/",
        f"{written}/validation/",
    ]


def test_a_tuning_job_has_the_objective_and_the_limits_of_the_job() -> None:
    of = {"CompletionCriteria": {"MaxRuntimePerTrainingJobInSeconds": 90}}
    tuning = requests(of, AutoMLJobObjective={"MetricName": "AUC"}).tuning(3, 0)
    limits = tuning["HyperParameterTuningJobConfig"]["ResourceLimits"]
    assert limits["MaxNumberOfTrainingJobs"] == 3
    assert 1 <= limits["MaxParallelTrainingJobs"] <= 3
    assert limits["MaxRuntimeInSeconds"] == 1, "AWS takes no tuning job of 0 seconds"
    for definition in tuning["TrainingJobDefinitions"]:
        goal = {"Type": "Maximize", "MetricName": "validation:auc"}
        assert definition["TuningObjective"] == goal
        assert definition["StoppingCondition"] == {"MaxRuntimeInSeconds": 90}
    unlimited = requests().tuning(3, None)["HyperParameterTuningJobConfig"]["ResourceLimits"]
    assert "MaxRuntimeInSeconds" not in unlimited


def test_only_the_algorithms_of_the_job_are_searched() -> None:
    chosen = {"AlgorithmsConfig": [{"AutoMLAlgorithms": ["mlp", "linear-learner"]}]}
    tuning = requests({"CandidateGenerationConfig": chosen}).tuning(2, None)
    names = [one["DefinitionName"] for one in tuning["TrainingJobDefinitions"]]
    assert names == ["dpp1-ll", "dpp1-mlp"]


def test_keys_network_and_encryption_reach_every_job_that_takes_them() -> None:
    security = {
        "VolumeKmsKeyId": "volume",
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": VPC,
    }
    output = {"S3OutputPath": "s3://b/automl", "KmsKeyId": "output"}
    by_noun = made(requests(SecurityConfig=security, OutputDataConfig=output))
    analysis, training = by_noun["ProcessingJob"], by_noun["TrainingJob"]
    assert analysis["ProcessingOutputConfig"]["KmsKeyId"] == "output"
    cluster = analysis["ProcessingResources"]["ClusterConfig"]
    assert cluster["VolumeKmsKeyId"] == training["ResourceConfig"]["VolumeKmsKeyId"] == "volume"
    assert analysis["NetworkConfig"] == {
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": VPC,
    }
    assert training["VpcConfig"] == VPC
    assert training["EnableInterContainerTrafficEncryption"] is True
    assert by_noun["TransformJob"]["TransformOutput"]["KmsKeyId"] == "output"
    plain = made(requests())
    assert "VpcConfig" not in plain["TrainingJob"]
    assert "KmsKeyId" not in plain["TransformJob"]["TransformOutput"]
