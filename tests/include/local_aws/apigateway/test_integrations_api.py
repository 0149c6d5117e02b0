"""Integrations: what would fail later is refused when it is put."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway import integrations_api as integrations
from include.local_aws.apigateway import methods_api as methods
from include.local_aws.core.account import Aws
from tests.include.local_aws.apigateway import in_process
from tests.include.local_aws.apigateway.in_process import new_method, new_mock, replace
from tests.include.local_aws.apigateway.published import invocations


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"connectionType": "VPC_LINK"}, "VPC_LINK is not emulated. Use INTERNET"),
        ({"responseTransferMode": "STREAM"}, "STREAM is not emulated. Use BUFFERED"),
        ({"cacheKeyParameters": ["a"]}, "Caches are not emulated"),
        ({"integrationHttpMethod": "GET"}, "Set integrationHttpMethod to POST"),
        ({"integrationHttpMethod": None}, "HttpMethod must be non-empty"),
        ({"uri": invocations("x")["uri"].replace("us-east-1", "eu-west-1")}, "Use us-east-1"),
        ({"credentials": "prodml"}, "Role ARN must be specified"),
        ({"timeoutInMillis": 49}, "between 50 ms and 29000 ms"),
        ({"passthroughBehavior": "ALWAYS"}, "Use one of WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER"),
    ],
)
def test_members_that_an_endpoint_does_not_take(
    account: Aws, members: dict[str, Any], named: str
) -> None:
    request = new_method(account) | invocations("x") | members
    assert named in in_process.refusal(integrations.put_integration, account, **request)


def test_update_is_checked_like_a_new_integration(account: Aws) -> None:
    place = new_method(account)
    integrations.put_integration(account, place | invocations("x"))

    def update(path: str, value: str) -> dict[str, Any]:
        return place | {"patchOperations": [replace(path, value)]}

    integrations.update_integration(account, update("/timeoutInMillis", "50"))
    assert integrations.get_integration(account, place)["timeoutInMillis"] == 50
    refused = update("/timeoutInMillis", "1")
    why = in_process.refusal(integrations.update_integration, account, **refused)
    assert "Timeout should be between" in why
    assert integrations.get_integration(account, place)["timeoutInMillis"] == 50


def test_responses_stay_when_the_integration_is_put_again(account: Aws) -> None:
    place = new_mock(account)
    methods.put_method_response(account, place | {"statusCode": "200"})
    integrations.put_integration_response(account, place | {"statusCode": "200"})
    again = integrations.put_integration(account, place | {"type": "MOCK"})
    assert list(again["integrationResponses"]) == ["200"]
    integrations.delete_integration_response(account, place | {"statusCode": "200"})
    assert integrations.get_integration(account, place)["integrationResponses"] == {}


@pytest.mark.parametrize("pattern", ["(", "a" * 201, "a{99999999999}"])
def test_pattern_that_cannot_be_matched_is_refused(account: Aws, pattern: str) -> None:
    place = new_mock(account)
    methods.put_method_response(account, place | {"statusCode": "500"})
    response = place | {"statusCode": "500", "selectionPattern": pattern}
    why = in_process.refusal(integrations.put_integration_response, account, **response)
    assert "Invalid selection pattern specified" in why


def test_response_needs_a_declared_status_and_declared_headers(account: Aws) -> None:
    place = new_mock(account) | {"statusCode": "200"}
    put = integrations.put_integration_response
    assert "NotFoundException" in in_process.refusal(put, account, **place)
    methods.put_method_response(account, place)
    header = {"method.response.header.X": "'a'"}
    why = in_process.refusal(put, account, **place, responseParameters=header)
    assert "method.response.header.X" in why


def test_deleted_integration_is_gone(account: Aws) -> None:
    place = new_mock(account)
    integrations.delete_integration(account, place)
    for handler in (integrations.get_integration, integrations.delete_integration):
        why = in_process.refusal(handler, account, **place)
        assert why == "NotFoundException: Invalid Integration identifier specified"
