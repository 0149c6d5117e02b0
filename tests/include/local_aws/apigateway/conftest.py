from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws.apigateway.deployed import Deployed
from include.local_aws.apigateway.usage import Usage
from include.local_aws.core.account import Aws
from include.local_aws.testing import Server
from tests.include.local_aws.apigateway.published import Api


@pytest.fixture
def api(local_aws: Server, unique: Callable[[str], str]) -> Api:
    return Api(local_aws, unique("api"))


@pytest.fixture
def account(aws: Aws) -> Aws:
    """Return an account in this process that has the parts of API Gateway."""
    aws.add(Deployed(aws))
    aws.add(Usage(aws.store, aws.clock))
    return aws
