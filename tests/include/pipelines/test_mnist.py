"""The MNIST experiments: their images, their metrics, and what their scripts know."""

from __future__ import annotations

import io
import re

import boto3
import numpy as np
import pytest

from include.local_aws.containers.images import image_for
from include.local_aws.testing import Server, connection_to
from include.pipelines import mnist
from include.pipelines.definition.pipeline import JOBS
from include.pipelines.definition.study import Study
from include.pipelines.mnist import PYTORCH, TENSORFLOW

LINE = "train:loss=1.27832; test:loss=2.1e-05; test:accuracy=0.84000;"
PIXELS = np.array([[[0, 255], [51, 102]]] * 5, dtype="uint8")


@pytest.mark.parametrize("study", [PYTORCH, TENSORFLOW], ids=lambda study: study.name)
def test_a_study_and_its_script_know_the_same_hyperparameters(study: Study) -> None:
    script = (JOBS / study.name.replace("-", "_") / "train.py").read_text()
    taken = set(re.findall(r'add_argument\("--(\w+)"', script))
    assert taken == {*study.shared, *study.varied, "normalization_mean", "normalization_std"}
    assert all(name in script.replace("{:.5f}", "0") for name in study.metrics)


@pytest.mark.parametrize("study", [PYTORCH, TENSORFLOW], ids=lambda study: study.name)
def test_the_images_are_known_and_train_and_serve_with_one_framework(study: Study) -> None:
    trains, serves = (image_for(of("eu-west-1")) for of in (study.image, study.serving_image))
    assert trains.packages.requirements[0] == serves.packages.requirements[0]


def test_metrics_are_found_in_the_line_that_the_scripts_print() -> None:
    result = {name: re.findall(pattern, LINE) for name, pattern in mnist.METRICS.items()}
    assert result == {
        "train:loss": ["1.27832"],
        "test:loss": ["2.1e-05"],
        "test:accuracy": ["0.84000"],
    }


def test_images_are_the_shipped_ones_or_those_of_an_address() -> None:
    assert [path.rpartition("/")[2] for path in mnist.choose("")["files"]] == mnist.FILES
    assert mnist.choose("s3://public/mnist") == {"uri": "s3://public/mnist/", "files": []}


@pytest.mark.parametrize("pixels", [PIXELS, PIXELS / 255], ids=["bytes", "fractions"])
def test_pixels_are_measured_in_parts_and_from_0_to_1(
    pixels: np.ndarray, local_aws: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws.url))
    monkeypatch.setattr(mnist, "CHUNK", 2)  # of five images: the last part is a short one
    file = io.BytesIO()
    np.save(file, pixels)
    s3 = boto3.client("s3", endpoint_url=local_aws.url)
    s3.create_bucket(Bucket="pixels")
    s3.put_object(Bucket="pixels", Key="mnist/train_data.npy", Body=file.getvalue())
    measured = mnist.measure("s3://pixels/mnist/")
    assert measured == pytest.approx(
        {
            "normalization_mean": 0.4,
            "normalization_std": np.std([0, 1, 0.2, 0.4]),
            "training_images": 5,
        }
    )
