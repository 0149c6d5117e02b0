from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server


@pytest.fixture(scope="module")
def cloudwatch(local_aws: Server) -> Any:
    return local_aws.client("cloudwatch")


@pytest.fixture
def namespace(unique: Callable[[str], str]) -> str:
    return unique("Shop")
