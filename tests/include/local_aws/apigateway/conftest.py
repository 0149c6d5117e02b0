from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws.apigateway.deployed import Deployed
from include.local_aws.apigateway.usage import Usage
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store
from include.local_aws.testing import Server
from tests.include.local_aws.apigateway.published import Api


@pytest.fixture
def api(local_aws: Server, unique: Callable[[str], str]) -> Api:
    return Api(local_aws, unique("api"))


@pytest.fixture
def account() -> Aws:
    """An account in this process, without a server."""
    aws = Aws(Options(), ManualClock(), Store(":memory:"), None)
    aws.add(Deployed(aws))
    aws.add(Usage(aws.store, aws.clock))
    return aws
