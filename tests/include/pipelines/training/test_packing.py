"""The job that packs a model and its preprocessing, and the container of the packed model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from prodml.endpoints.component import Component

from include.jobs.tabular.packed_model import SCRIPT
from include.pipelines.churn import PIPELINE
from include.pipelines.errors import PipelineError
from include.pipelines.training import packing

HOSTED = replace(PIPELINE, component=Component(memory_mb=1024))
BEST: Any = {
    "trial": "churn-1",
    "container": {
        "Image": "image",
        "ModelDataUrl": "s3://b/trial/model.tar.gz",
        "Environment": {
            "SAGEMAKER_PROGRAM": "train.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "s3://b/code.tar.gz",
            "OMP_NUM_THREADS": "1",
        },
    },
}
DATA: Any = {"preprocessing": "s3://b/run/preprocessing/"}


def test_the_job_reads_both_archives_and_writes_below_the_run() -> None:
    config = packing.plan(HOSTED, BEST, "s3://b/run", DATA)["config"]
    inputs = [item["S3Input"]["S3Uri"] for item in config["ProcessingInputs"]]
    assert inputs == ["s3://b/run/preprocessing/model.tar.gz", "s3://b/trial/model.tar.gz"]
    (output,) = config["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3Uri"] == "s3://b/run/packed"
    assert config["ExperimentConfig"]["TrialName"] == "churn-1"


def test_the_packed_container_starts_the_packed_model_and_names_the_models_own_script() -> None:
    best = packing.packed(BEST, "s3://b/run/packed/")
    assert best["trial"] == "churn-1"
    container = best["container"]
    assert container["ModelDataUrl"] == "s3://b/run/packed/model.tar.gz"
    environment = container["Environment"]
    assert environment["SAGEMAKER_PROGRAM"] == "packed_model.py"
    assert environment["SAGEMAKER_SUBMIT_DIRECTORY"] == "/opt/ml/model/code"
    assert environment[SCRIPT] == "train"
    assert environment["OMP_NUM_THREADS"] == "1"


def test_a_model_of_the_image_alone_has_no_script_and_the_trial_stays_as_it_was() -> None:
    built_in: Any = {"container": {"Image": "xgboost", "ModelDataUrl": "s3://b/m.tar.gz"}}
    environment = packing.packed(built_in, "s3://b/packed")["container"]["Environment"]
    assert SCRIPT not in environment
    assert built_in == {"container": {"Image": "xgboost", "ModelDataUrl": "s3://b/m.tar.gz"}}


def test_a_pipeline_in_one_container_takes_no_models_of_automl() -> None:
    packing.refuse_several_containers(PIPELINE)
    with pytest.raises(PipelineError, match=r"'churn' is serverless or a component.*serve on inst"):
        packing.refuse_several_containers(HOSTED)
