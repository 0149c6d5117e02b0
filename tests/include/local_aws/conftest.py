"""Servers for the tests of the embedded AWS, each started once; tests use unique names."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store
from include.local_aws.testing import Server, running_server
from tests.include.local_aws.jobs import Jobs, made
from tests.include.local_aws.models import Platform, variant


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
def aws(tmp_path: Path) -> Iterator[Aws]:
    """Return an account without parts, for tests that need only its store and clock."""
    store = Store(":memory:")
    yield Aws(Options(data_dir=tmp_path), ManualClock(), store, None)
    store.close()


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Return unused names: unique('trial') is 'trial-1f3a...'."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:10]}"


@pytest.fixture(scope="module")
def platform(local_aws: Server) -> Iterator[Platform]:
    """Create models and endpoints, which are deleted after the module."""
    platform = _platform(local_aws)
    yield platform
    platform.clean_up()


def _platform(server: Server) -> Platform:
    return Platform(server, lambda stem: f"{stem}-{uuid.uuid4().hex[:10]}")


@pytest.fixture(scope="session")
def endpoint(local_aws: Server) -> str:
    """Deploy two instances of one variant, for tests that do not change it."""
    platform = _platform(local_aws)
    return platform.serving(variant(platform.model(), InitialInstanceCount=2))


@pytest.fixture(scope="session", params=["auto", "none"])
def jobs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Jobs]:
    """Run jobs in a sandbox where the kernel allows one, and in plain folders."""
    folder = tmp_path_factory.mktemp(f"jobs-{request.param}")
    with running_server(folder, time_scale=60, sandbox=request.param) as server:
        yield made(server)
