"""The inference pipeline of a candidate."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.automl.containers import MODE, containers, data_processor
from include.local_aws.sagemaker.automl.objectives import BINARY, REGRESSION
from include.local_aws.testing import REGION
from tests.include.local_aws.jobs import SKLEARN, XGBOOST
from tests.include.local_aws.sagemaker.automl.stored import trained

PROGRAM = "SAGEMAKER_PROGRAM"
FITTED = trained("fitted", SKLEARN)


def test_a_class_is_decoded_by_the_processor_that_encoded_it() -> None:
    features, algorithm, labels = containers(BINARY, REGION, FITTED, trained("best"))
    assert features["ModelDataUrl"] == labels["ModelDataUrl"] == "s3://b/fitted/model.tar.gz"
    assert algorithm["ModelDataUrl"] == "s3://b/best/model.tar.gz"
    assert features["Environment"][MODE] == "feature-transform"
    assert labels["Environment"][MODE] == "inverse-label-transform"
    assert algorithm["Environment"]["SAGEMAKER_INFERENCE_OUTPUT"] == "predicted_label"
    assert labels["Environment"]["SAGEMAKER_INFERENCE_SUPPORTED"].endswith(",labels")


def test_a_regression_answers_numbers_from_its_algorithm() -> None:
    features, algorithm = containers(REGRESSION, REGION, FITTED, trained("best"))
    assert features["Image"] == FITTED["AlgorithmSpecification"]["TrainingImage"]
    assert "SAGEMAKER_INFERENCE_OUTPUT" not in algorithm["Environment"]


@pytest.mark.parametrize(
    ("image", "program"),
    [(XGBOOST, None), (SKLEARN, "algorithm_serve.py")],
)
def test_only_an_image_of_scripts_is_given_one(image: str, program: str | None) -> None:
    algorithm = containers(BINARY, REGION, FITTED, trained("best", image))[1]
    assert algorithm["Image"] == image
    assert algorithm["Environment"].get(PROGRAM) == program


def test_a_processor_without_a_mode_encodes_the_target_too() -> None:
    environment = data_processor(REGION, FITTED, None)["Environment"]
    assert MODE not in environment
    assert environment[PROGRAM] == "sagemaker_serve.py"
