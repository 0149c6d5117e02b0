"""Each resource's own error codes: taken, unknown, in use, in the wrong state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.models.test_models import IMAGE, ROLE

Unique = Callable[[str], str]
NOWHERE = "arn:aws:sagemaker:us-east-1:000000000000"
INVALID, MISSING = "ValidationException", "ResourceNotFound"


@pytest.mark.parametrize(
    ("call", "request_", "code"),
    [
        ("describe_training_job", {"TrainingJobName": "unknown"}, INVALID),
        ("stop_training_job", {"TrainingJobName": "unknown"}, INVALID),
        ("delete_training_job", {"TrainingJobName": "unknown"}, INVALID),
        ("describe_processing_job", {"ProcessingJobName": "unknown"}, INVALID),
        ("describe_transform_job", {"TransformJobName": "unknown"}, INVALID),
        ("describe_model", {"ModelName": "unknown"}, INVALID),
        ("delete_model", {"ModelName": "unknown"}, INVALID),
        ("describe_endpoint_config", {"EndpointConfigName": "unknown"}, INVALID),
        ("delete_endpoint_config", {"EndpointConfigName": "unknown"}, INVALID),
        ("describe_endpoint", {"EndpointName": "unknown"}, INVALID),
        ("delete_endpoint", {"EndpointName": "unknown"}, INVALID),
        ("create_endpoint", {"EndpointName": "a", "EndpointConfigName": "unknown"}, INVALID),
        ("describe_model_package_group", {"ModelPackageGroupName": "unknown"}, INVALID),
        ("describe_model_package", {"ModelPackageName": "unknown"}, INVALID),
        ("create_model_package", {"ModelPackageGroupName": "unknown"}, INVALID),
        ("describe_experiment", {"ExperimentName": "unknown"}, MISSING),
        ("create_trial", {"TrialName": "a", "ExperimentName": "unknown"}, MISSING),
        ("list_trials", {"ExperimentName": "unknown"}, MISSING),
        ("list_trial_components", {"TrialName": "unknown"}, MISSING),
        ("describe_trial", {"TrialName": "unknown"}, MISSING),
        ("describe_trial_component", {"TrialComponentName": "unknown"}, MISSING),
        ("list_tags", {"ResourceArn": f"{NOWHERE}:model/unknown"}, INVALID),
        (
            "associate_trial_component",
            {"TrialName": "unknown", "TrialComponentName": "unknown"},
            MISSING,
        ),
        (
            "add_association",
            {"SourceArn": f"{NOWHERE}:artifact/a", "DestinationArn": f"{NOWHERE}:action/b"},
            MISSING,
        ),
        (
            "add_tags",
            {"ResourceArn": f"{NOWHERE}:model/unknown", "Tags": [{"Key": "k", "Value": "v"}]},
            INVALID,
        ),
    ],
)
def test_unknown_reference(sagemaker: Any, call: str, request_: Any, code: str) -> None:
    assert refusal(getattr(sagemaker, call), **request_)[0] == code


def test_tag_keys_are_unique_and_few(sagemaker: Any, unique: Unique) -> None:
    name = unique("tagged")
    twice = [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}]
    request = {"ExperimentName": name}
    code, message = refusal(sagemaker.create_experiment, **request, Tags=twice)
    assert (code, "Duplicate tag keys" in message) == (INVALID, True)
    arn = sagemaker.create_experiment(**request)["ExperimentArn"]
    most = [{"Key": f"k{n}", "Value": "v"} for n in range(50)]
    sagemaker.add_tags(ResourceArn=arn, Tags=most)
    sagemaker.add_tags(ResourceArn=arn, Tags=most[:1])
    more = [{"Key": "one-more", "Value": "v"}]
    code, _ = refusal(sagemaker.add_tags, ResourceArn=arn, Tags=more)
    assert code == "ResourceLimitExceeded"


def test_model_may_be_deleted_under_its_configuration(sagemaker: Any, unique: Unique) -> None:
    """As on AWS, only endpoints that are created from it afterwards are refused."""
    name = unique("model")
    container = {"Image": IMAGE}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    variant = {
        "VariantName": "a",
        "ModelName": name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.delete_model(ModelName=name)
    code, message = refusal(sagemaker.create_endpoint, EndpointName=name, EndpointConfigName=name)
    assert (code, "Could not find model" in message) == (INVALID, True)
