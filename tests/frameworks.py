"""The images that tests may build, a part of PRODML_TEST_FRAMEWORKS each.

`torch`, `tensorflow` and `huggingface` are large; `versions` is every version of the small ones.
"""

from __future__ import annotations

import os

import pytest

VARIABLE = "PRODML_TEST_FRAMEWORKS"


def only_with(framework: str) -> pytest.MarkDecorator:
    """Skip a test unless its framework is enabled: the large environments take 1.0 to 1.6 GB."""
    return pytest.mark.skipif(
        framework not in os.environ.get(VARIABLE, ""),
        reason=f"{VARIABLE}={framework} builds its image",
    )
