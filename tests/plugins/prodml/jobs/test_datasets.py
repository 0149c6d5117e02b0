"""Addresses that jobs have read and written, from their descriptions."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.jobs.datasets import inputs, model_data, outputs
from prodml.vocabulary import AUTOML, PROCESSING, TRAINING, TRANSFORM, TUNING, Json, Kind


def channel(uri: str) -> Json:
    return {"DataSource": {"S3DataSource": {"S3Uri": uri}}}


TRAINED: dict[str, Any] = {
    "InputDataConfig": [channel("s3://b/train"), channel("s3://b/validation")],
    "OutputDataConfig": {"S3OutputPath": "s3://b/models"},
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/models/job/model.tar.gz"},
}
PROCESSED = {
    "ProcessingInputs": [
        {"S3Input": {"S3Uri": "s3://b/raw"}},
        {"DatasetDefinition": {"AthenaDatasetDefinition": {}}},
    ],
    "ProcessingOutputConfig": {
        "Outputs": [{"S3Output": {"S3Uri": "s3://b/out"}}, {"FeatureStoreOutput": {}}]
    },
}
TRANSFORMED = {
    "TransformInput": channel("s3://b/rows"),
    "TransformOutput": {"S3OutputPath": "s3://b/scores"},
}
SEARCHED = {
    "AutoMLJobInputDataConfig": [channel("s3://b/train")],
    "OutputDataConfig": {"S3OutputPath": "s3://b/automl"},
}
TRAINING_INPUTS = ["s3://b/train", "s3://b/validation"]


@pytest.mark.parametrize(
    ("kind", "description", "read", "written"),
    [
        (PROCESSING, PROCESSED, ["s3://b/raw"], ["s3://b/out"]),
        (PROCESSING, {}, [], []),
        (TRANSFORM, TRANSFORMED, ["s3://b/rows"], ["s3://b/scores"]),
        (AUTOML, SEARCHED, ["s3://b/train"], ["s3://b/automl"]),
        (TRAINING, TRAINED, TRAINING_INPUTS, ["s3://b/models/job/model.tar.gz"]),
        (TUNING, {"TrainingJobDefinition": TRAINED}, TRAINING_INPUTS, ["s3://b/models"]),
        (TUNING, {"TrainingJobDefinitions": [TRAINED]}, TRAINING_INPUTS, ["s3://b/models"]),
    ],
    ids=["processing", "bare", "transform", "automl", "training", "tuning", "tuning-of-several"],
)
def test_each_kind_of_job_names_its_data_in_its_own_place(
    kind: Kind, description: Json, read: list[str], written: list[str]
) -> None:
    assert inputs(kind, description) == read
    assert outputs(kind, description) == written


def test_data_that_two_channels_read_are_listed_once() -> None:
    twice = {"InputDataConfig": [channel("s3://b/b"), channel("s3://b/a"), channel("s3://b/b")]}
    assert inputs(TRAINING, twice) == ["s3://b/b", "s3://b/a"]


def test_a_training_job_on_a_file_system_reads_no_address() -> None:
    lustre = {"DataSource": {"FileSystemDataSource": {"DirectoryPath": "/fsx"}}}
    assert inputs(TRAINING, {"InputDataConfig": [lustre]}) == []
    assert inputs(TRAINING, {}) == []


def test_a_container_names_its_artifact_in_either_form() -> None:
    source = {"S3DataSource": {"S3Uri": "s3://b/model/"}}
    assert model_data({"ModelDataUrl": "s3://b/model.tar.gz"}) == ["s3://b/model.tar.gz"]
    assert model_data({"ModelDataSource": source}) == ["s3://b/model/"]
    assert model_data({"Image": "i"}) == []
