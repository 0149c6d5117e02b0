from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.apigateway.published import Api


@pytest.fixture
def api(local_aws: Server, unique: Callable[[str], str]) -> Api:
    return Api(local_aws, unique("api"))
