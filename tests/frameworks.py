"""The large framework images that tests may build: PRODML_TEST_FRAMEWORKS=torch,tensorflow."""

from __future__ import annotations

import os

import pytest

VARIABLE = "PRODML_TEST_FRAMEWORKS"


def only_with(framework: str) -> pytest.MarkDecorator:
    """Skip a test unless its framework is enabled: the environments take 1.0 to 1.6 GB."""
    return pytest.mark.skipif(
        framework not in os.environ.get(VARIABLE, ""),
        reason=f"{VARIABLE}={framework} builds its image",
    )
