"""Interpreters of the images' environments, each started once for the session."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import FOLDER
from include.local_aws.containers.known_images import TOOLKIT
from include.local_aws.core.options import Options
from tests.include.local_aws.images.interpreter import Interpreter, interpreter_of
from tests.include.local_aws.jobs import SKLEARN, XGBOOST


@pytest.fixture(scope="session")
def environments() -> Environments:
    cache = Path(os.environ.get("PRODML_IMAGE_CACHE", Options().cache_dir))
    return Environments(cache.resolve())


@pytest.fixture(scope="session")
def xgboost(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter of the built-in algorithm's image."""
    base = tmp_path_factory.mktemp("xgboost")
    with interpreter_of(XGBOOST, environments, FOLDER / "xgboost", base) as interpreter:
        yield interpreter


@pytest.fixture(scope="session")
def sklearn(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter of the scikit-learn image, which serves script mode models."""
    base = tmp_path_factory.mktemp("sklearn")
    with interpreter_of(SKLEARN, environments, FOLDER / "toolkit", base) as interpreter:
        yield interpreter


@pytest.fixture(scope="session")
def toolkit(environments: Environments) -> Path:
    """Start the interpreter with AWS's training toolkit."""
    return asyncio.run(environments.python(TOOLKIT, print))
