"""The scripts of an AutoML job, imported from their folder as in its containers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.local_aws.containers.image import FOLDER
from tests.include.local_aws.images.modules import Load, modules_of


@pytest.fixture
def load() -> Iterator[Load]:
    """Import a script by its name; forget it and what it imported after the test."""
    with modules_of(FOLDER / "automl") as load:
        yield load
