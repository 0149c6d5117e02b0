"""Point the integration tests of smexperiments at the embedded AWS: a plugin of pytest.

All tests share a server. Their image, which they build with Docker, becomes a custom image of the
embedded AWS: a folder with the same script and the same package.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

import boto3

from include.local_aws.testing import running_server

REGION = "us-west-2"  # the tests' default
PACKAGE = "sagemaker-experiments"
PREFIX = "smexperiments-integ-"
PROGRAMS = ("train", "process.py")  # of a custom image: what its ENTRYPOINT is to Docker
_OPEN = contextlib.ExitStack()


class NotFoundError(Exception):
    """There is no such image yet; `docker.errors.NotFound` to the tests."""


class _Images:
    """The three methods of docker-py's `images` that the tests call."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def pull(self, tag: str, **_options: Any) -> None:
        raise NotFoundError(tag)

    def build(self, path: str, tag: str, buildargs: dict[str, str], **_options: Any) -> None:
        folder = self._root / tag.rpartition("/")[2].partition(":")[0]
        folder.mkdir(parents=True)
        script = (Path(path) / buildargs["script"]).read_text()
        for name in PROGRAMS:
            program = folder / name
            program.write_text(f"#!/usr/bin/env python3\n{script}")
            program.chmod(0o755)
        library = Path(path).resolve() / buildargs["library"]
        (folder / "requirements.txt").write_text(f"{PACKAGE} @ file://{library}\n")

    def push(self, tag: str, **_options: Any) -> None:
        """Accept the image: it is in the folder of the server's custom images already."""


def pytest_load_initial_conftests() -> None:
    """Start the server, and replace docker-py before the suite's conftest.py imports it."""
    home = Path(_OPEN.enter_context(tempfile.TemporaryDirectory()))
    os.environ["PRODML_IMAGES"] = str(home / "images")
    server = _OPEN.enter_context(running_server(home / "aws", regions=(REGION,)))
    os.environ.update(server.environment() | {"AWS_DEFAULT_REGION": REGION})
    client = types.SimpleNamespace(images=_Images(home / "images"))
    docker = types.ModuleType("docker")
    docker.__dict__["from_env"] = lambda: client
    docker.__dict__["errors"] = types.SimpleNamespace(NotFound=NotFoundError)
    sys.modules["docker"] = docker
    _use_account()


def _use_account() -> None:
    """Create what the searches expect of other runs of the suite in the same account."""
    sagemaker = boto3.client("sagemaker")
    experiment, trial, component = (f"{PREFIX}{kind}" for kind in ("earlier", "trial", "component"))
    sagemaker.create_experiment(ExperimentName=experiment)
    sagemaker.create_trial(TrialName=trial, ExperimentName=experiment)
    sagemaker.create_trial_component(TrialComponentName=component)


def pytest_unconfigure() -> None:
    """Stop the server."""
    _OPEN.close()
