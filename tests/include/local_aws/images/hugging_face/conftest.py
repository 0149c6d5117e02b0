"""An interpreter with the handlers of Hugging Face's images, started once for this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.image import FOLDER
from tests.include.local_aws.images.interpreter import Interpreter, interpreter_of
from tests.include.local_aws.jobs import SKLEARN


@pytest.fixture(scope="package")
def handlers(
    environments: Environments, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interpreter]:
    """Start an interpreter with the handlers in a small image, which has the same toolkit."""
    base = tmp_path_factory.mktemp("hugging-face")
    with interpreter_of(SKLEARN, environments, FOLDER / "hugging_face", base) as interpreter:
        yield interpreter
