"""One embedded AWS for all tests of it; what a test makes, it names uniquely."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.local_server import Server, running_server


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("aws"), time_scale=60) as server:
        yield server


@pytest.fixture(scope="session")
def sagemaker(local_aws: Server) -> Any:
    return local_aws.client("sagemaker")


@pytest.fixture(scope="session")
def s3(local_aws: Server) -> Any:
    return local_aws.client("s3", s3={"addressing_style": "path"})


@pytest.fixture
def unique() -> Callable[[str], str]:
    """A name nobody else uses: unique('trial') is 'trial-1f3a...'."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:10]}"
