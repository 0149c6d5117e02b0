"""An interpreter with the handlers of Hugging Face's images, started once for this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import FOLDER
from include.local_aws.containers.images import image_for
from tests.include.local_aws.images.interpreter import Interpreter
from tests.include.local_aws.jobs import SKLEARN


@pytest.fixture(scope="package")
def handlers(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter with the handlers in a small image, which has the same toolkit."""
    python = asyncio.run(environments.of(image_for(SKLEARN), print))
    folder = tmp_path_factory.mktemp("hugging-face")
    interpreter = Interpreter(python, FOLDER / "hugging_face", folder)
    yield interpreter
    interpreter.end()
