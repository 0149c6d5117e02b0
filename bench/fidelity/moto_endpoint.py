"""Point moto's own tests at the embedded AWS: a plugin of pytest.

Each test has a server of its own, as each has an empty backend of moto. `mock_aws` no longer
replaces AWS, and moto's server mode makes tests that reach into its process skip themselves.
"""

from __future__ import annotations

import contextlib
import os
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import moto
import pytest
from moto import settings

from include.local_aws.testing import running_server

ACCOUNT = "123456789012"  # moto.core.DEFAULT_ACCOUNT_ID, which the tests compare ARNs with
REGIONS = ("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1")


class _RealEndpoint(contextlib.ContextDecorator):
    """Replace `mock_aws`: decorate or enclose a test without mocking anything."""

    def __enter__(self) -> None:
        boto3.DEFAULT_SESSION = None

    def __exit__(self, *_exception: object) -> None:
        boto3.DEFAULT_SESSION = None


def _mock_aws(function: Any = None, **_options: Any) -> Any:
    if isinstance(function, type):
        return function
    return _RealEndpoint()(function) if callable(function) else _RealEndpoint()


def _freeze_time(*_arguments: Any, **_options: Any) -> Callable[[Any], Any]:
    """Skip a test that needs the clock of moto's own process to stand still."""
    return pytest.mark.skip(reason="freezes the clock of moto's own process")


def pytest_load_initial_conftests() -> None:
    """Replace what the suite imports, before its first conftest.py is imported."""
    moto.mock_aws = _mock_aws
    settings.TEST_SERVER_MODE, settings.TEST_DECORATOR_MODE = True, False
    frozen = types.ModuleType("freezegun")
    frozen.__dict__["freeze_time"] = _freeze_time
    sys.modules["freezegun"] = frozen


@pytest.fixture(autouse=True)
def _embedded_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with running_server(tmp_path / "aws", time_scale=60, regions=REGIONS) as server:
        for name, value in (server.environment() | {"AWS_ACCESS_KEY_ID": ACCOUNT}).items():
            monkeypatch.setenv(name, value)
        os.environ.pop("AWS_PROFILE", None)
        yield
