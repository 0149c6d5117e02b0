"""Compare the words with the model of SageMaker's API that boto3 brings."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from prodml.vocabulary import (
    AUTOML,
    ENDPOINT_CONFIG,
    JOBS,
    KINDS,
    TRAINING,
    TUNING,
    Approval,
    EndpointStatus,
    JobStatus,
    Kind,
    dimensions,
)

from include.local_aws.testing import REGION

CLIENT = boto3.client("sagemaker", REGION)


def _shape(name: str) -> Any:
    return CLIENT.meta.service_model.shape_for(name)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_boto3_has_every_method_and_member(kind: Kind) -> None:
    for verb in ("create", "describe", "list"):
        assert callable(getattr(CLIENT, kind.method(verb)))
    operation = CLIENT.meta.service_model.operation_model(f"Describe{kind.noun}{kind.version}")
    described = operation.output_shape.members
    assert {kind.name_key, kind.status_member} <= described.keys()
    assert set(kind.settled) <= set(described[kind.status_member].enum)


@pytest.mark.parametrize("kind", [k for k in JOBS if k.instances], ids=lambda kind: kind.noun)
def test_the_path_to_the_instances_leads_through_the_create_request(kind: Kind) -> None:
    shape = _shape(f"Create{kind.noun}Request")
    for member in kind.instances:
        shape = shape.members[member]
    assert "InstanceType" in shape.members


@pytest.mark.parametrize("kind", JOBS, ids=lambda kind: kind.noun)
def test_a_name_is_as_long_as_aws_takes_it(kind: Kind) -> None:
    name = _shape(f"{kind.create_operation}Request").members[kind.name_key]
    assert name.metadata["max"] == kind.name_limit


def test_statuses_are_those_of_the_api() -> None:
    assert set(JobStatus) <= set(_shape("TrainingJobStatus").enum)
    assert set(EndpointStatus) <= set(_shape("EndpointStatus").enum)
    assert set(Approval) == set(_shape("ModelApprovalStatus").enum)


def test_words_for_messages_and_methods_of_boto3() -> None:
    assert TUNING.words == "hyper parameter tuning job"
    assert ENDPOINT_CONFIG.method("describe") == "describe_endpoint_config"
    assert TRAINING.method("list") == "list_training_jobs"
    assert TRAINING.ended == "TrainingEndTime"
    assert AUTOML.words == "auto ml job"
    assert AUTOML.method("describe") == "describe_auto_ml_job_v2"
    assert AUTOML.method("stop") == "stop_auto_ml_job"
    assert AUTOML.ended == "EndTime"


def test_progress_is_the_secondary_status() -> None:
    assert TRAINING.progress({"SecondaryStatus": "Downloading"}) == "Downloading"
    assert AUTOML.progress({"AutoMLJobSecondaryStatus": "ModelTuning"}) == "ModelTuning"
    assert TUNING.progress({}) == ""


def test_dimensions_keep_their_order() -> None:
    named = {"EndpointName": "e", "VariantName": "v"}
    assert dimensions(named) == [
        {"Name": "EndpointName", "Value": "e"},
        {"Name": "VariantName", "Value": "v"},
    ]
