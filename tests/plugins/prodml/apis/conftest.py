from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from prodml.apis.names import OWNER, api_name
from prodml.apis.specification import ApiSpecification

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE

MOCK = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


@pytest.fixture(scope="session")
def gateway(server: Server) -> Any:
    return server.client("apigateway")


@pytest.fixture
def specify(unique: str) -> Callable[..., ApiSpecification]:
    """Return a function that makes the specification of the test's endpoint."""
    return lambda **members: ApiSpecification(unique, ROLE, **members)


@pytest.fixture
def tags(unique: str) -> dict[str, str]:
    return {OWNER: unique}


@pytest.fixture
def api(gateway: Any, unique: str, tags: dict[str, str]) -> dict[str, Any]:
    """Create the endpoint's API without a resource of its own; it need not exist for that."""
    return dict(gateway.create_rest_api(name=api_name(unique), tags=tags))


@pytest.fixture
def staged(gateway: Any, api: dict[str, Any]) -> str:
    """Return the id of the API, which is deployed to the stage `live`."""
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, **MOCK)
    gateway.create_deployment(restApiId=api["id"], stageName="live", description="first")
    return str(api["id"])
