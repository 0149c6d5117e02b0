"""The newest images of TensorFlow and PyTorch, and PyTorch's builds for CPUs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.frameworks import only_with
from tests.include.local_aws.images.framework_models import DEEP, TIMEOUT, FrameworkModels
from tests.include.local_aws.models import Platform

Unique = Callable[[str], str]
pytestmark = pytest.mark.timeout(2 * TIMEOUT)
KERAS = """
import argparse, os
import keras, numpy, tensorflow

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int)
parser.add_argument("--model_dir")  # of the SDK's estimator: a place in S3
given = parser.parse_args()
keras.utils.set_random_seed(0)
rows = numpy.random.rand(256, 2)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.05), "mse")
model.fit(rows, rows.sum(axis=1), epochs=given.epochs, verbose=0)
model.export(os.path.join(os.environ["SM_MODEL_DIR"], "1"))
print("keras", keras.__version__, "tensorflow", tensorflow.__version__, flush=True)
"""
TORCH = """
import os
import torch
from importlib.util import find_spec

torch.manual_seed(0)
rows = torch.rand(256, 2)
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), 0.05)
for _ in range(200):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(rows)[:, 0], rows.sum(dim=1)).backward()
    optimizer.step()
torch.jit.script(model).save(os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
print("torch", torch.__version__, torch.version.cuda, flush=True)
if find_spec("torchvision"):
    import torchvision
    boxes = torch.tensor([[0.0, 0, 2, 2], [0, 0, 2, 2]])
    kept = torchvision.ops.nms(boxes, torch.tensor([0.5, 0.9]), 0.5).tolist()
    print("torchvision", torchvision.__version__, kept, flush=True)
"""


@only_with("tensorflow")
def test_a_keras_model_is_trained_and_served(platform: Platform, unique: Unique) -> None:
    models = FrameworkModels(platform)
    name = unique("keras")
    training = f"{DEEP}/tensorflow-training:2.21.0-cpu-py312-ubuntu22.04-sagemaker"
    model = models.trained(name, training, KERAS, epochs="40", model_dir='"s3://bucket/model"')
    assert "keras 3.15.1 tensorflow 2.21.0" in models.lines(name)
    inference = f"{DEEP}/tensorflow-inference:2.20.0-cpu-py312-amzn2023-sagemaker"
    answer = models.answer(models.served(name, inference, model), {"instances": [[0.2, 0.3]]})
    assert np.allclose(answer["predictions"], [[0.5]], atol=0.05)


@only_with("torch")
def test_a_pytorch_model_is_trained_and_served(platform: Platform, unique: Unique) -> None:
    """The image has torchvision, or its log says that it cannot be installed here."""
    models = FrameworkModels(platform)
    name = unique("torch")
    model = models.trained(name, f"{DEEP}/pytorch:2.13-cpu-amzn2023-sagemaker", TORCH)
    lines = models.lines(name)
    assert "torch 2.13.0+cpu None" in lines
    absent = "has no torchvision==0.28.0+cpu here: it cannot be installed."
    assert any(absent in line for line in lines) or "torchvision 0.28.0+cpu [1]" in lines
    inference = f"{DEEP}/pytorch-inference:2.6.0-cpu-py312-ubuntu22.04-sagemaker"
    assert np.allclose(
        models.answer(models.served(name, inference, model), [[0.2, 0.3]]), 0.5, atol=0.05
    )


@only_with("torch")
@pytest.mark.parametrize(
    "line", ["torch>=2.0\niniconfig==2.1.0", "torch\ntorchvision", "torchvision==0.20.0"]
)
def test_a_requirement_keeps_the_build_for_cpus_or_is_refused(
    line: str, platform: Platform, unique: Unique
) -> None:
    """PyPI's torchvision is one for CUDA, which does not load with this PyTorch."""
    models = FrameworkModels(platform)
    name = unique("requirements")
    models.started(name, f"{DEEP}/pytorch:2.13-cpu", {"train.py": TORCH, "requirements.txt": line})
    job = models.jobs.ended("Training", name, TIMEOUT)
    if job["TrainingJobStatus"] == "Completed":
        lines = models.lines(name)
        assert "torch 2.13.0+cpu None" in lines
        assert ("torchvision 0.28.0+cpu [1]" in lines) == ("vision" in line)
    else:
        reason = job["FailureReason"]
        assert "torchvision" in line
        assert "stays a build for CPUs (torch==2.13.0+cpu, torchvision==0.28.0+cpu" in reason
