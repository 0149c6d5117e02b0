"""PyTorch and TensorFlow: script mode, several instances, and models served as their images do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from include.pipelines import mnist
from include.pipelines.definition.pipeline import JOBS
from include.pipelines.definition.study import Study
from include.pipelines.training.studies import training
from include.settings import settings
from tests.frameworks import only_with
from tests.include.local_aws.images.framework_models import TIMEOUT
from tests.include.local_aws.jobs import CLUSTER, REGISTRY, ROLE, Jobs
from tests.include.local_aws.sagemaker.training.test_job import GROUP

Unique = Callable[[str], str]
pytestmark = pytest.mark.timeout(2 * TIMEOUT)
TORCH = f"{REGISTRY}/pytorch-training:2.6.0-cpu-py312-ubuntu22.04-sagemaker"
TOGETHER = """
import json, os
import torch
import torch.distributed as dist
hosts = json.loads(os.environ["SM_HOSTS"])
rank = hosts.index(os.environ["SM_CURRENT_HOST"])
dist.init_process_group("gloo", rank=rank, world_size=len(hosts))
total = torch.tensor([float(rank + 1)])
dist.all_reduce(total)
print("torch", torch.__version__, "total", total.item(), flush=True)
"""
PIXELS = np.load(mnist.FOLDER / "eval_data.npy")[:100] / 255
LABELS = np.load(mnist.FOLDER / "eval_labels.npy")[:100]


@only_with("torch")
def test_pytorch_trains_on_two_instances(jobs: Jobs, unique: Unique) -> None:
    """A collective over loopback."""
    name = unique("together")
    jobs.train(
        name,
        TORCH,
        HyperParameters=jobs.script(name, TOGETHER),
        ResourceConfig=CLUSTER | {"InstanceCount": 2},
    )
    job = jobs.ended("Training", name, TIMEOUT)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert any("total 3.0" in line for line in jobs.lines(GROUP, name))


@only_with("torch")
def test_a_pytorch_model_answers_with_tensors(jobs: Jobs, unique: Unique) -> None:
    """Serve a TorchScript model without code, by the image's default handlers."""
    logs = answers(jobs, unique("torch"), mnist.PYTORCH, PIXELS.tolist())
    assert np.mean(np.argmax(logs, axis=1) == LABELS) > 0.7


@only_with("tensorflow")
def test_a_savedmodel_answers_in_the_form_of_tensorflow_serving(jobs: Jobs, unique: Unique) -> None:
    answer = answers(jobs, unique("tf"), mnist.TENSORFLOW, {"instances": PIXELS.tolist()})
    chances = np.array(answer["predictions"])
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-3)
    assert np.mean(chances.argmax(axis=1) == LABELS) > 0.7


def answers(jobs: Jobs, name: str, study: Study, question: Any) -> Any:
    """Train the study's script for one epoch, serve its model, and invoke it with JSON."""
    train(jobs, name, study)
    job = jobs.ended("Training", name, TIMEOUT)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    image = study.serving_image(settings().region)
    container = {"Image": image, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}
    jobs.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    jobs.put(f"{name}/in/rows.json", json.dumps(question))
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{jobs.bucket}/{name}/in/"}
    output = {"S3OutputPath": f"s3://{jobs.bucket}/{name}/out", "Accept": "application/json"}
    jobs.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName=name,
        TransformInput={
            "DataSource": {"S3DataSource": source},
            "ContentType": "application/json",
        },
        TransformOutput=output,
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    ended = jobs.ended("Transform", name, TIMEOUT)
    assert ended["TransformJobStatus"] == "Completed", ended.get("FailureReason")
    return json.loads(jobs.read(f"{output['S3OutputPath']}/rows.json.out"))


def train(jobs: Jobs, name: str, study: Study) -> None:
    for file in mnist.FILES:
        jobs.put(f"{name}/images/{file}", (mnist.FOLDER / file).read_bytes())
    script = JOBS / study.name.replace("-", "_") / "train.py"
    images = f"s3://{jobs.bucket}/{name}/images/"
    request = training(study, {"epochs": "1"}, images, f"s3://{jobs.bucket}/{name}")
    request["HyperParameters"] |= jobs.script(name, script.read_text())
    jobs.train(name, study.image(settings().region), **request)
