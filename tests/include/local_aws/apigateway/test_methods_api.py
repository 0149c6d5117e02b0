"""Methods and their declared responses name only what the API has."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway import methods_api as methods
from include.local_aws.core.account import Aws
from tests.include.local_aws.apigateway.in_process import new_api, new_method, refusal, replace

OPEN = {"authorizationType": "NONE"}


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"httpMethod": "TRACE"}, "Invalid HttpMethod specified: TRACE. Use ANY, DELETE"),
        ({"authorizationType": "AWS_IAM"}, "AWS_IAM is not emulated. Use NONE and an API key"),
        ({"authorizerId": "a"}, "is not emulated"),
        ({"requestValidatorId": "none"}, "Invalid Request Validator identifier specified: none"),
        ({"requestModels": {"application/json": "None"}}, "Invalid model identifier specified"),
        ({"requestParameters": {"method.request.body.a": True}}, "method.request.body.a"),
    ],
)
def test_method_that_cannot_answer_is_refused(
    account: Aws, members: dict[str, Any], named: str
) -> None:
    request = new_api(account) | {"httpMethod": "GET"} | OPEN | members
    assert named in refusal(methods.put_method, account, **request)


def test_method_exists_once_until_it_is_deleted(account: Aws) -> None:
    place = new_method(account)
    assert refusal(methods.put_method, account, **place, **OPEN).startswith("ConflictException")
    methods.delete_method(account, place)
    assert refusal(methods.get_method, account, **place).startswith("NotFoundException")
    methods.put_method(account, place | OPEN)


def test_update_is_checked_before_it_is_stored(account: Aws) -> None:
    place = new_method(account)
    key = [replace("/apiKeyRequired", "true")]
    methods.update_method(account, place | {"patchOperations": key})
    model = [replace("/requestModels/application~1json", "None")]
    why = refusal(methods.update_method, account, **place, patchOperations=model)
    assert why.endswith("Invalid model identifier specified: None")
    method = methods.get_method(account, place)
    assert method["apiKeyRequired"] is True
    assert "requestModels" not in method


@pytest.mark.parametrize(
    ("response", "named"),
    [
        ({"statusCode": "600"}, "Invalid status code 600. Give one of 100 to 599"),
        ({"statusCode": "2000"}, "Invalid status code 2000"),
        ({"responseParameters": {"method.response.body.a": True}}, "method.response.body.a"),
        ({"responseModels": {"application/json": "None"}}, "Invalid model identifier"),
    ],
)
def test_response_that_cannot_be_given_is_refused(
    account: Aws, response: dict[str, Any], named: str
) -> None:
    request = new_method(account) | {"statusCode": "200"} | response
    assert named in refusal(methods.put_method_response, account, **request)


def test_declared_response_is_changed_and_deleted(account: Aws) -> None:
    place = new_method(account) | {"statusCode": "200"}
    methods.put_method_response(account, place | {"responseModels": {"text/csv": "Empty"}})
    assert refusal(methods.put_method_response, account, **place).startswith("ConflictException")
    change = [replace("/responseParameters/method.response.header.X", "true")]
    methods.update_method_response(account, place | {"patchOperations": change})
    response = methods.get_method_response(account, place)
    assert response["responseParameters"] == {"method.response.header.X": True}
    methods.delete_method_response(account, place)
    why = refusal(methods.get_method_response, account, **place)
    assert why == "NotFoundException: Invalid Response status code specified"
