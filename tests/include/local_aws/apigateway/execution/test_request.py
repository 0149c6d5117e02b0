"""Requests as templates, validation and the access log see them."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.addresses import Address
from include.local_aws.apigateway.deployed import Route
from include.local_aws.apigateway.execution.request import ApiRequest
from tests.include.local_aws.apigateway.published import MOCKED, Api, answer


def test_variables_of_the_request_and_the_stage(api: Api) -> None:
    text = "$context.stage $context.resourcePath $context.httpMethod $stageVariables.who"
    api.method(api.resource("items", "{id}"), MOCKED, "ANY", answer(text))
    api.deploy(variables={"who": "stage"})
    assert api.call("/items/7", method="PUT").body == "test /items/{id} PUT stage"
    host = f"{api.id}.execute-api.us-east-1.amazonaws.com"
    assert api.call("/test/items/7", host=host).body == "test /items/{id} GET stage"


def request(route: Route | None = None, **headers: str) -> ApiRequest:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    address = Address("a" * 10, "test", "/", "localhost")
    return ApiRequest(address, "POST", sent, {"Page": "2"}, b"", {}, route)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("text/csv", "text/csv"),
        ("Application/JSON; charset=utf-8", "application/json"),
        (" ;charset=utf-8", "application/json"),
    ],
)
def test_a_media_type_has_no_parameters_and_is_json_by_default(given: str, kind: str) -> None:
    assert request(content_type=given).content_type == kind
    assert request().content_type == "application/json"


def test_the_case_of_a_name_matters_except_in_headers() -> None:
    sent = request(Route({}, {}, {"id": "7"}), x_trace="t")
    assert sent.parameter("header", "X-Trace") == "t"
    assert (sent.parameter("path", "id"), sent.parameter("path", "ID")) == ("7", None)
    assert (sent.parameter("querystring", "Page"), sent.parameter("querystring", "page")) == (
        "2",
        None,
    )
    assert request().parameter("path", "id") is None  # before a route is known
