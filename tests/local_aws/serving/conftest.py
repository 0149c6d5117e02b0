"""One obedient model behind one endpoint, for all tests that do not change it."""

from __future__ import annotations

import uuid

import pytest

from tests.local_aws.serving.models import Platform, variant
from tests.local_server import Server


@pytest.fixture(scope="session")
def platform(local_aws: Server) -> Platform:
    return Platform(local_aws, lambda stem: f"{stem}-{uuid.uuid4().hex[:10]}")


@pytest.fixture(scope="session")
def endpoint(platform: Platform) -> str:
    """Two instances of one variant."""
    return platform.serving(variant(platform.model(), InitialInstanceCount=2))
