"""REST APIs of an account in this process: made by the handlers, without a server."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway import (
    integrations_api,
    methods_api,
    rest_apis_api,
    stages_api,
)
from include.local_aws.core.account import Aws
from include.local_aws.core.registry import Handler
from include.local_aws.core.store import Doc
from include.local_aws.wire.errors import AwsError


def replace(path: str, value: str) -> Doc:
    return {"op": "replace", "path": path, "value": value}


def refusal(handler: Handler, aws: Aws, **request: Any) -> str:
    """Return the code and the message with which *handler* refuses a request."""
    with pytest.raises(AwsError) as refused:
        handler(aws, request)
    return f"{refused.value.code}: {refused.value.message}"


def new_api(aws: Aws, name: str = "api") -> Doc:
    """Return the place of a new API's root: restApiId and resourceId."""
    api = rest_apis_api.create_rest_api(aws, {"name": name})
    return {"restApiId": api["id"], "resourceId": api["rootResourceId"]}


def new_method(aws: Aws, place: Doc | None = None, name: str = "GET", **members: Any) -> Doc:
    """Create a method without an integration, of a new API unless *place* is given."""
    method = (place or new_api(aws)) | {"httpMethod": name}
    methods_api.put_method(aws, method | {"authorizationType": "NONE"} | members)
    return method


def new_mock(aws: Aws, place: Doc | None = None, name: str = "GET", **members: Any) -> Doc:
    """Create a method with a MOCK integration."""
    method = new_method(aws, place, name, **members)
    integrations_api.put_integration(aws, method | {"type": "MOCK"})
    return method


def new_stage(aws: Aws, place: Doc | None = None, name: str = "test", **members: Any) -> Doc:
    """Deploy an API, of its own unless *place* is given; return the place of the stage."""
    api = (place or new_mock(aws))["restApiId"]
    request = {"restApiId": api, "stageName": name} | members
    stages_api.create_deployment(aws, request)
    return {"restApiId": api, "stageName": name}
