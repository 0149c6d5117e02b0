"""An interpreter in a script's folder, with the container's package on its path."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import SCRIPTS
from tests.include.local_aws.images.interpreter import Interpreter, interpreter_of
from tests.include.local_aws.jobs import XGBOOST


@pytest.fixture(name="script", scope="session")
def _script(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter in a script's folder, whose modules have the names of the image's."""
    folder = tmp_path_factory.mktemp("code")
    (folder / "data.py").write_text("NAME = 'mine'\n")
    base = tmp_path_factory.mktemp("ml")
    with interpreter_of(
        XGBOOST, environments, folder, base, PYTHONPATH=str(SCRIPTS)
    ) as interpreter:
        config = base / "input" / "config" / "resourceconfig.json"
        config.write_text('{"hosts": ["algo-1"], "current_host": "algo-1"}')
        yield interpreter
