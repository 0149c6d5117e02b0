"""A separate server for faults, so that they affect no other test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from include.local_aws.testing import Faults, Server, running_server


@pytest.fixture(scope="package")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("faults"), time_scale=60) as server:
        yield server


@pytest.fixture
def asked(faulty: Server) -> Iterator[Faults]:
    with faulty.faults() as asked:
        yield asked


@pytest.fixture(scope="package")
def client(faulty: Server) -> Any:
    return faulty.client("sagemaker")
