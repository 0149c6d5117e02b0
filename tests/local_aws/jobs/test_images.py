"""Images beyond the built-in ones: the user's own, packages of an archive, PyTorch."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator

import pytest

from tests.local_aws.jobs.conftest import CLUSTER, REGISTRY, ROLE, SKLEARN, Jobs, made
from tests.local_aws.jobs.test_training import GROUP
from tests.local_aws.jobs.test_transform import transform
from tests.local_server import running_server

Unique = Callable[[str], str]
OWN = f"{REGISTRY}/own-model:v1"
TORCH = f"{REGISTRY}/pytorch-training:2.6.0-cpu-py312-ubuntu22.04-sagemaker"
TRAIN = """#!/usr/bin/env python3
import json, os, pathlib
base = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
given = json.loads((base / "input/config/hyperparameters.json").read_text())
(base / "model/factor").write_text(given["factor"])
"""
SERVE = """#!/usr/bin/env python3
import http.server, os, pathlib
base = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
factor = float((base / "model/factor").read_text())
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body):
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer(b"")
    def do_POST(self):
        rows = self.rfile.read(int(self.headers["content-length"])).split()
        self.answer(b"".join(b"%g\\n" % (factor * float(row)) for row in rows))
port = int(os.environ["SAGEMAKER_BIND_TO_PORT"])
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""
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
if rank == 0:
    layer = torch.nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.fill_(total.item())
        layer.bias.zero_()
    torch.jit.script(layer).save(os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
"""


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """An embedded AWS whose user has an image of their own."""
    folder = tmp_path_factory.mktemp("images") / "own-model"
    folder.mkdir()
    for name, text in (("train", TRAIN), ("serve", SERVE)):
        path = folder / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRODML_IMAGES", str(folder.parent))
        with running_server(tmp_path_factory.mktemp("owned"), time_scale=60) as server:
            yield made(server, "own")


def model_of(jobs: Jobs, name: str, image: str) -> str:
    job = jobs.ended("Training", name, timeout=600)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    container = {"Image": image, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}
    jobs.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    return name


def test_an_own_image_trains_and_serves(owned: Jobs, unique: Unique) -> None:
    name = unique("own")
    owned.train(name, OWN, HyperParameters={"factor": "3"})
    model = model_of(owned, name, OWN)
    owned.put(f"{name}/in/rows.csv", "1\n2.5\n")
    assert transform(owned, name, model)["TransformJobStatus"] == "Completed"
    assert owned.read(f"s3://{owned.bucket}/{name}/out/rows.csv.out") == b"3\n7.5\n"


def test_an_archive_brings_its_requirements(owned: Jobs, unique: Unique) -> None:
    name = unique("packages")
    files = {
        "train.py": "import iniconfig, sklearn; print('found', sklearn.__version__, flush=True)",
        "requirements.txt": "# one small package\niniconfig==2.1.0\n",
    }
    owned.train(name, SKLEARN, HyperParameters=owned.sources(name, files))
    job = owned.ended("Training", name, timeout=200)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert "found 1.4.2" in owned.lines(GROUP, name)


def test_a_request_may_bring_its_own_entry_point(owned: Jobs, unique: Unique) -> None:
    name = unique("entry")
    specification = {
        "TrainingImage": SKLEARN,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["/bin/sh", "-c"],
        "ContainerArguments": ["python3 -c 'import sklearn; print(sklearn.__version__)'"],
    }
    owned.train(name, SKLEARN, AlgorithmSpecification=specification)
    assert owned.ended("Training", name)["TrainingJobStatus"] == "Completed"
    assert "1.4.2" in owned.lines(GROUP, name)


@pytest.mark.skipif(
    "torch" not in os.environ.get("PRODML_TEST_FRAMEWORKS", ""),
    reason="PRODML_TEST_FRAMEWORKS=torch builds an image of hundreds of megabytes",
)
def test_pytorch_trains_on_two_instances_and_serves(owned: Jobs, unique: Unique) -> None:
    """A collective over loopback; the model answers by the image's own default handlers."""
    name = unique("torch")
    owned.train(
        name,
        TORCH,
        HyperParameters=owned.script(name, TOGETHER),
        ResourceConfig=CLUSTER | {"InstanceCount": 2},
    )
    model = model_of(owned, name, TORCH)
    assert any("total 3.0" in line for line in owned.lines(GROUP, name))
    owned.put(f"{name}/in/rows.json", "[[1, 1], [2, 0]]")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{owned.bucket}/{name}/in/"}
    whole = {"DataSource": {"S3DataSource": source}, "ContentType": "application/json"}
    output = {"S3OutputPath": f"s3://{owned.bucket}/{name}/out", "Accept": "application/json"}
    owned.sagemaker.create_transform_job(
        TransformJobName=name,
        ModelName=model,
        TransformInput=whole,
        TransformOutput=output,
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    job = owned.ended("Transform", name)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    answer = json.loads(owned.read(f"s3://{owned.bucket}/{name}/out/rows.json.out"))
    assert answer == [[6.0], [6.0]]
