"""The known images: their tags, in the forms and registries of the SDK's tables."""

from __future__ import annotations

import re
from typing import Any

import pytest

from include.local_aws.containers.image import PYTHON, Image, Packages
from include.local_aws.containers.images import image_for
from include.local_aws.containers.known_images import IMAGES

# Framework and version of the SDK, scope, and the rest of the tag.
CURRENT = (
    ("xgboost", "3.2-0", "training", "3.2-0"),
    ("sklearn", "1.9-0", "inference", "1.9-0-cpu-py3"),
    ("pytorch", "2.10.0", "training", "2.10.0-cpu-py313"),
    ("pytorch-amzn2023", "2.13", "training", "2.13-cpu-amzn2023-sagemaker"),
    ("tensorflow", "2.21.0", "training", "2.21.0-cpu-py312"),
    ("tensorflow", "2.20.0", "inference", "2.20.0-cpu-py312-amzn2023-sagemaker"),
)
HUGGING_FACE = (
    ("training", "5.3.0", "pytorch2.9.0", "2.9.0-transformers5.3.0-gpu-py312-cu130-ubuntu22.04"),
    ("inference", "5.5.3", "pytorch2.6.0", "2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"),
)
# What AWS's images have for scripts, besides their framework, by repository.
BASIC = {"boto3", "numpy", "requests", "sagemaker-inference"}
TRAINING = BASIC | {"cloudpickle", "pandas", "sagemaker-training"}
FOR_SCRIPTS = {
    "sagemaker-xgboost": BASIC | {"matplotlib", "pandas", "sagemaker-containers", "scikit-learn"},
    "sagemaker-scikit-learn": BASIC | {"pandas", "sagemaker-containers", "sagemaker-training"},
    "pytorch-training": TRAINING | {"sagemaker"},
    "pytorch": TRAINING | {"sagemaker"},
    "pytorch-inference": BASIC | {"cloudpickle", "pandas"},
    "tensorflow-training": TRAINING | {"keras"},
    "tensorflow-inference": BASIC | {"pandas"},
    "huggingface-pytorch-training": TRAINING | {"datasets", "transformers"},
    "huggingface-pytorch-inference": BASIC | {"transformers"},
}


@pytest.mark.parametrize(
    "image", [image for image in IMAGES if image.repository in FOR_SCRIPTS], ids=lambda i: i.name
)
def test_scripts_can_import_the_packages_of_awss_image(image: Image) -> None:
    packages: Packages | None = image.packages
    while packages:
        lines = packages.requirements + packages.lock
        names = {re.split(r"[=;\[]", line)[0].strip().lower() for line in lines}
        assert FOR_SCRIPTS[image.repository] <= names
        packages = packages.instead


@pytest.mark.parametrize(("framework", "version", "scope", "tag"), CURRENT)
def test_current_tags_are_known_in_every_region_of_the_sdk(
    framework: str, version: str, scope: str, tag: str
) -> None:
    assert_known_everywhere(table(framework)[scope]["versions"][version], tag)


@pytest.mark.parametrize(("scope", "version", "torch", "tag"), HUGGING_FACE)
def test_hugging_face_is_known_in_every_region_of_the_sdk(
    scope: str, version: str, torch: str, tag: str
) -> None:
    assert_known_everywhere(table("huggingface")[scope]["versions"][version][torch], tag)


def table(framework: str) -> Any:
    sdk = pytest.importorskip("sagemaker.core.image_uris", exc_type=ImportError)
    return sdk.config_for_framework(framework)


def assert_known_everywhere(stated: Any, tag: str) -> None:
    assert len(stated["registries"]) > 30
    for region, account in stated["registries"].items():
        repository = stated["repository"]
        image = image_for(f"{account}.dkr.ecr.{region}.amazonaws.com/{repository}:{tag}")
        assert image.repository == repository


def test_each_image_can_run_on_the_version_of_python_that_is_always_there() -> None:
    for image in IMAGES:
        packages = image.packages
        while packages.instead:
            packages = packages.instead
        assert packages.python == PYTHON
        assert packages.lock


def test_a_job_is_told_which_python_and_which_framework_it_gets() -> None:
    image = image_for("pytorch-training:2.6-cpu-py312")
    older = image.packages.instead
    assert older
    assert older.instead
    assert image.differences(image.packages) == []
    (line,) = image.differences(older)
    assert "on Python 3.11: Python 3.12, AWS's" in line
    assert image.differences(older.instead)[0].startswith(f"{image.name} runs torch==2.13.0")
