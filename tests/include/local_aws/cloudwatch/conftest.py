from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.cloudwatch.log_lines import put

Unique = Callable[[str], str]


@pytest.fixture(scope="module")
def cloudwatch(local_aws: Server) -> Any:
    return local_aws.client("cloudwatch")


@pytest.fixture
def namespace(unique: Callable[[str], str]) -> str:
    return unique("Shop")


@pytest.fixture(scope="module", name="logs")
def _logs(local_aws: Server) -> Any:
    return local_aws.client("logs")


@pytest.fixture(name="group")
def _group(logs: Any, unique: Unique) -> str:
    """Create a group with two streams, of three lines and of one."""
    name = unique("/aws/group")
    logs.create_log_group(logGroupName=name)
    now = int(time.time() * 1000)
    put(logs, name, "job/algo-1", [(now - 2, "one"), (now - 1, "two"), (now, "three")])
    put(logs, name, "job/algo-2", [(now, "other")])
    return name
