"""Older tags of known frameworks: refused with the nearest ones, or run on them if allowed."""

from __future__ import annotations

import pytest

from include.local_aws.containers.images import image_for
from include.local_aws.containers.nearest_images import NEAREST_IMAGE
from include.local_aws.wire.errors import AwsError

NEAREST = {
    "pytorch-training:1.8.1-gpu-py36-cu111-ubuntu18.04": "pytorch-training:2.6-cpu-py312",
    "pytorch-training:2.9.0-cpu-py312": "pytorch-training:2.10-cpu-py313",
    "pytorch:2.14-cpu-amzn2023-sagemaker": "pytorch:2.13-cpu",
    "sagemaker-scikit-learn:0.23-1-cpu-py3": "sagemaker-scikit-learn:1.2-1-cpu-py3",
    "sagemaker-xgboost:1.5-1": "sagemaker-xgboost:1.7-1",
    "sagemaker-xgboost:1.0-1-cpu-py3": "sagemaker-xgboost:1.7-1",
    "xgboost:latest": "sagemaker-xgboost:1.7-1",
    "xgboost:1": "sagemaker-xgboost:1.7-1",
    "sagemaker-pytorch:1.1.0-cpu-py3": "pytorch-training:2.6-cpu-py312",
    "pytorch-inference-graviton:2.4.0-cpu-py311": "pytorch-inference:2.6-cpu-py312",
    "tensorflow-inference:2.8.0-cpu": "tensorflow-inference:2.19-cpu",
    "tensorflow-inference-graviton:2.16.1-cpu-py310": "tensorflow-inference:2.19-cpu",
    "tensorflow-training:2.3.0-cpu-py37-ubuntu18.04": "tensorflow-training:2.19-cpu-py312",
    "huggingface-pytorch-training:1.7.1-transformers4.6.1-gpu-py36-cu110-ubuntu18.04": (
        "huggingface-pytorch-training:2.9-transformers5.3-gpu-py312"
    ),
}


@pytest.mark.parametrize("asked", NEAREST)
def test_an_unknown_tag_runs_on_the_nearest_image_if_that_is_allowed(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NEAREST_IMAGE, "1")
    image = image_for(f"763104351884.dkr.ecr.eu-west-1.amazonaws.com/{asked}")
    assert image.name == NEAREST[asked]
    assert image.warning.startswith(
        f"WARNING: {asked} is not known here: {image.name}, the nearest"
    )


@pytest.mark.parametrize("value", ["", "0"])
def test_the_refusal_names_the_option_and_the_nearest_tags(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NEAREST_IMAGE, value)
    with pytest.raises(AwsError) as refused:
        image_for("763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.0.1-cpu-py310")
    message = refused.value.message
    assert "pytorch-training:2.6-cpu-py312, pytorch-training:2.10-cpu-py313" in message
    assert "--nearest-image (PRODML_NEAREST_IMAGE=1)" in message


def test_another_framework_has_no_nearest_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NEAREST_IMAGE, "1")
    with pytest.raises(AwsError, match="Use one of: "):
        image_for("763104351884.dkr.ecr.eu-west-1.amazonaws.com/mxnet-training:1.9.0-cpu-py38")
