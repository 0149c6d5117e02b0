"""Merge a company's rules into the requests of every client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.model import Shape
from prodml.aws import rules
from prodml.aws.client import Aws

from tests.plugins.rules import KEY, NETWORK, TAG

Json = dict[str, Any]
NVME = "ml.g5.xlarge"
ISOLATION, TRAFFIC = "EnableNetworkIsolation", "EnableInterContainerTrafficEncryption"
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}


pytestmark = pytest.mark.usefixtures("company")


def _shape(operation: str) -> Shape:
    session = botocore.session.get_session()
    for service in ("sagemaker", "cloudwatch"):
        model = session.get_service_model(service)
        if operation in model.operation_names:
            shape = model.operation_model(operation).input_shape
            assert shape
            return shape
    raise AssertionError(f"no {operation}")


def _at(shape: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        shape = shape.members[part]
        shape = getattr(shape, "member", shape)
    return shape


@pytest.mark.parametrize("operation", sorted(rules.PLACES))
def test_every_place_is_one_of_the_operation(operation: str) -> None:
    places, shape = rules.PLACES[operation], _shape(operation)
    network = [(path, name) for path in places.network for name in ("VpcConfig", ISOLATION)]
    keys = [(path, places.volume_key) for path in places.volumes]
    keys += [(path, "KmsKeyId") for path in places.outputs]
    traffic = [(path, TRAFFIC) for path in places.traffic]
    together = ("VpcConfig", TRAFFIC, "VolumeKmsKeyId") if places.security else ()
    security = [(places.security, name) for name in together]
    for path, name in (*network, *keys, *traffic, *security, ("", "Tags")):
        assert name in _at(shape, path).members, path


def test_a_training_job_gets_all_rules() -> None:
    output = {"S3OutputPath": "s3://b/m"}
    request = {"ResourceConfig": CLUSTER, "OutputDataConfig": output}
    assert rules.with_rules("CreateTrainingJob", request) == {
        "ResourceConfig": CLUSTER | {"VolumeKmsKeyId": KEY},
        "OutputDataConfig": {"S3OutputPath": "s3://b/m", "KmsKeyId": KEY},
        "VpcConfig": NETWORK,
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "Tags": [TAG],
    }
    assert output == {"S3OutputPath": "s3://b/m"}, "the caller's request was changed"


def test_a_processing_job_gets_a_network() -> None:
    request = {"ProcessingResources": {"ClusterConfig": CLUSTER}}
    merged = rules.with_rules("CreateProcessingJob", request)
    assert merged["NetworkConfig"] == {
        "VpcConfig": NETWORK,
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
    }
    assert merged["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == KEY
    assert "ProcessingOutputConfig" not in merged


def test_each_definition_of_a_tuning_job_gets_them() -> None:
    definition = {"ResourceConfig": CLUSTER, "OutputDataConfig": {"S3OutputPath": "s3://b/m"}}
    operation = "CreateHyperParameterTuningJob"
    one = rules.with_rules(operation, {"TrainingJobDefinition": definition})
    several = rules.with_rules(operation, {"TrainingJobDefinitions": [definition, definition]})
    expected = {
        **definition,
        "ResourceConfig": CLUSTER | {"VolumeKmsKeyId": KEY},
        "OutputDataConfig": {"S3OutputPath": "s3://b/m", "KmsKeyId": KEY},
        "VpcConfig": NETWORK,
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
    }
    assert one == {"TrainingJobDefinition": expected, "Tags": [TAG]}
    assert several == {"TrainingJobDefinitions": [expected, expected], "Tags": [TAG]}


def test_an_automl_job_gets_them_in_its_security_config() -> None:
    request = {"OutputDataConfig": {"S3OutputPath": "s3://b/m"}}
    secured = rules.with_rules("CreateAutoMLJobV2", request)
    assert secured["OutputDataConfig"]["KmsKeyId"] == KEY
    assert secured["SecurityConfig"] == {
        "VpcConfig": NETWORK,
        TRAFFIC: True,
        "VolumeKmsKeyId": KEY,
    }


def test_what_a_request_states_itself_wins_and_tags_are_merged() -> None:
    own = {
        "VpcConfig": {"Subnets": ["subnet-00000000"], "SecurityGroupIds": ["sg-00000000"]},
        "EnableNetworkIsolation": False,
        "Tags": [{"Key": "Team", "Value": "research"}, {"Key": "run", "Value": "7"}],
    }
    assert rules.with_rules("CreateModel", own) == own
    assert rules.with_rules("CreateModel", {**own, "Tags": []})["Tags"] == [TAG]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("CreateTrainingJob", {"ResourceConfig": CLUSTER | {"InstanceType": NVME}}),
        (
            "CreateTrainingJob",
            {"ResourceConfig": {"InstanceGroups": [CLUSTER, CLUSTER | {"InstanceType": NVME}]}},
        ),
        ("CreateTransformJob", {"TransformResources": {"InstanceType": NVME}}),
        ("CreateEndpointConfig", {"ProductionVariants": [CLUSTER, {"InstanceType": NVME}]}),
        ("CreateEndpointConfig", {"ProductionVariants": [{"ServerlessConfig": {}}]}),
    ],
)
def test_local_disks_get_no_key(operation: str, request_: Json) -> None:
    assert KEY not in str(rules.with_rules(operation, request_))


def test_applied_twice_they_change_nothing() -> None:
    request = {"ProductionVariants": [CLUSTER], "DataCaptureConfig": {"EnableCapture": True}}
    once = rules.with_rules("CreateEndpointConfig", request)
    assert once["KmsKeyId"] == once["DataCaptureConfig"]["KmsKeyId"] == KEY
    assert rules.with_rules("CreateEndpointConfig", once) == once


@pytest.mark.parametrize("size", [1, 9 << 20])
def test_every_upload_is_encrypted(bucket: str, s3: Any, tmp_path: Path, size: int) -> None:
    """The larger file goes in parts."""
    file = tmp_path / "file"
    file.write_bytes(b"x" * size)
    mine = Aws().client("s3")
    mine.upload_file(str(file), bucket, f"rules/{size}")
    mine.copy_object(
        Bucket=bucket,
        Key=f"rules/{size}-copy",
        CopySource={"Bucket": bucket, "Key": f"rules/{size}"},
    )
    for key in (f"rules/{size}", f"rules/{size}-copy"):
        head = s3.head_object(Bucket=bucket, Key=key)
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", KEY)


def test_an_upload_that_names_its_encryption_keeps_it(bucket: str) -> None:
    mine = Aws().client("s3")
    made = mine.put_object(Bucket=bucket, Key="rules/own", Body=b"", ServerSideEncryption="AES256")
    assert made["ServerSideEncryption"] == "AES256"
