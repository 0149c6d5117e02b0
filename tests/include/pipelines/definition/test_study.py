"""The arguments that the tasks of a study's DAG share."""

from __future__ import annotations

import dataclasses

import pytest

from include.pipelines.definition import images
from include.pipelines.definition.pipeline import JOBS
from include.pipelines.definition.study import Study, StudyError
from include.settings import settings

STUDY = Study(
    name="leaf-shapes",
    image=images.pytorch,
    serving_image=images.pytorch_inference,
    metrics={"test:loss": r"loss=(\S+)"},
    shared=("epochs",),
    varied=("seed",),
)


def test_hyphens_of_the_experiment_are_underscores_of_its_folder() -> None:
    result = STUDY.default_args()
    assert result["experiment"] == "leaf-shapes"
    assert (result["source_dir"], result["entry_point"]) == (str(JOBS / "leaf_shapes"), "train.py")
    assert result["code_prefix"] == f"s3://{settings().bucket}/leaf-shapes/code"


def test_the_serving_image_is_of_the_region_and_of_the_studys_own_framework() -> None:
    region = settings().region
    assert STUDY.default_args()["serving_image"] == images.pytorch_inference(region)
    other = dataclasses.replace(STUDY, serving_image=images.tensorflow_inference)
    assert other.default_args()["serving_image"] == images.tensorflow_inference(region)


def test_every_study_retries_and_waits_as_the_other_dags_do() -> None:
    result = STUDY.default_args()
    assert (result["retries"], result["deferrable"]) == (2, True)
    assert result["deployment"] == settings().deployment


def test_a_set_that_cannot_be_tried_fails_its_task_at_once() -> None:
    assert issubclass(StudyError, ValueError)  # Airflow would retry anything else


def test_a_script_reads_files() -> None:
    with pytest.raises(StudyError, match=r"input_mode 'Pipe', and a script reads files\. Use 'Fi"):
        dataclasses.replace(STUDY, input_mode="Pipe")
