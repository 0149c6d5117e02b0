"""Images beyond the built-in ones: the user's own, and packages of an archive."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator

import pytest

from tests.local_aws.jobs.conftest import REGISTRY, ROLE, SKLEARN, Jobs, made
from tests.local_aws.jobs.test_training import GROUP
from tests.local_aws.jobs.test_transform import transform
from tests.local_server import running_server

Unique = Callable[[str], str]
OWN = f"{REGISTRY}/own-model:v1"
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
