"""Imports of scripts in the images, besides their framework."""

from __future__ import annotations

import pytest

from tests.include.local_aws.images.interpreter import Interpreter

SKLEARN = "boto3 numpy pandas pyarrow requests sagemaker_inference sagemaker_training yaml".split()
XGBOOST = "boto3 matplotlib numpy pandas pyarrow requests sagemaker_inference sklearn yaml".split()
# As AWS's examples of inference pipelines do; AWS also corrects a line of it for newer Pythons.
WORKER = "from sagemaker_containers.beta.framework import worker; answer = worker.Response.__name__"


@pytest.mark.parametrize(("image", "names"), [("sklearn", SKLEARN), ("xgboost", XGBOOST)])
def test_the_packages_of_awss_image_are_there(
    image: str, names: list[str], request: pytest.FixtureRequest
) -> None:
    interpreter: Interpreter = request.getfixturevalue(image)
    found = "import importlib.util; answer = [n for n in names if importlib.util.find_spec(n)]"
    assert interpreter.run(found, names=names) == names


def test_the_older_toolkit_can_be_imported(sklearn: Interpreter) -> None:
    assert sklearn.run(WORKER) == "Response"
