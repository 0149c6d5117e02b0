from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.local_aws.apigateway.templates.budget import limited


@pytest.fixture
def budget() -> Iterator[None]:
    """Allow the work of one template, which its values and paths count."""
    with limited():
        yield
