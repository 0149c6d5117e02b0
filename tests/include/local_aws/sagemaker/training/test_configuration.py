"""The documents by which a training container knows its job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from include.local_aws.sagemaker.jobs.cluster import Cluster
from include.local_aws.sagemaker.training.configuration import configuration

REQUEST: dict[str, Any] = {
    "AlgorithmSpecification": {"TrainingInputMode": "FastFile"},
    "ResourceConfig": {"InstanceType": "ml.c5.xlarge"},
    "HyperParameters": {"depth": "3"},
    "InputDataConfig": [
        {
            "ChannelName": "train",
            "ContentType": "text/csv",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/k"}},
        }
    ],
}


def documents(tmp_path: Path, index: int = 0, **members: Any) -> dict[str, Any]:
    cluster = Cluster("job", tmp_path, 2, 1)
    return configuration(REQUEST | members, cluster, cluster.hosts[index])


def test_each_instance_reads_its_own_name(tmp_path: Path) -> None:
    resources = [documents(tmp_path, index)["resourceconfig"] for index in (0, 1)]
    assert [config["current_host"] for config in resources] == ["algo-1", "algo-2"]
    assert resources[0]["hosts"] == resources[1]["hosts"] == ["algo-1", "algo-2"]
    assert resources[0]["current_instance_type"] == "ml.c5.xlarge"


def test_hyperparameters_and_channels_are_as_a_container_reads_them(tmp_path: Path) -> None:
    config = documents(tmp_path)
    assert config["hyperparameters"] == {"depth": "3"}
    assert config["inputdataconfig"]["train"] == {
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
        "ContentType": "text/csv",
    }


def test_checkpoints_have_awss_folder_unless_another_is_stated(tmp_path: Path) -> None:
    assert "checkpointconfig" not in documents(tmp_path)
    place = {"S3Uri": "s3://b/checkpoints"}
    usual = documents(tmp_path, CheckpointConfig=place)["checkpointconfig"]
    assert usual == place | {"LocalPath": "/opt/ml/checkpoints"}
    own = documents(tmp_path, CheckpointConfig=place | {"LocalPath": "/opt/ml/own"})
    assert own["checkpointconfig"]["LocalPath"] == "/opt/ml/own"


def test_request_without_an_instance_type_has_the_usual_one(tmp_path: Path) -> None:
    resources = documents(tmp_path, ResourceConfig={}, HyperParameters={})["resourceconfig"]
    assert resources["instance_groups"][0]["instance_type"] == "ml.m5.large"
