"""An interpreter in a script's folder, with the container's package on its path."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import SCRIPTS
from include.local_aws.containers.images import image_for
from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.jobs import XGBOOST


@pytest.fixture(name="script", scope="session")
def _script(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter in a script's folder, whose modules have the names of the image's."""
    folder = tmp_path_factory.mktemp("code")
    (folder / "data.py").write_text("NAME = 'mine'\n")
    python = asyncio.run(environments.of(image_for(XGBOOST), print))
    interpreter = Interpreter(
        python, folder, tmp_path_factory.mktemp("ml"), PYTHONPATH=str(SCRIPTS)
    )
    config = interpreter.base / "input" / "config" / "resourceconfig.json"
    config.write_text('{"hosts": ["algo-1"], "current_host": "algo-1"}')
    yield interpreter
    interpreter.end()
