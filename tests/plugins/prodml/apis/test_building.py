"""The resource of an API has what the specification states, however often it is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.apis.building import FAMILIES, Builder
from prodml.apis.specification import ANSWERS, ApiSpecification

SCHEMA = {"type": "object", "required": ["age"]}
ORIGIN = "https://app.example"
ALLOWED = "method.response.header.Access-Control-Allow-Origin"
Specify = Callable[..., ApiSpecification]


def resource(gateway: Any, api: dict[str, Any]) -> dict[str, Any]:
    """Return the only resource below the root, with its methods."""
    items = gateway.get_resources(restApiId=api["id"], embed=["methods"])["items"]
    (below,) = [item for item in items if item["id"] != api["rootResourceId"]]
    return dict(below)


def own_answers(gateway: Any, api: str) -> set[str]:
    """Return the responses of API Gateway that the API changes."""
    listed = gateway.get_gateway_responses(restApiId=api)["items"]
    return {item["responseType"] for item in listed if not item["defaultResponse"]}


def test_a_resource_is_built_anew_without_what_was_taken_out(
    gateway: Any, api: dict[str, Any], specify: Specify
) -> None:
    wide = specify(schema=SCHEMA, allow_origin=ORIGIN)
    for _ in range(2):
        Builder(gateway, api["id"], wide, "aws").build(api["rootResourceId"])
    built = resource(gateway, api)
    assert built["path"] == "/predictions"
    methods = built["resourceMethods"]
    assert sorted(methods) == ["OPTIONS", "POST"]
    assert (methods["POST"]["apiKeyRequired"], methods["OPTIONS"]["apiKeyRequired"]) == (
        True,
        False,
    )
    assert methods["POST"]["requestModels"] == {"application/json": "PredictionRequest"}
    answers = methods["POST"]["methodIntegration"]["integrationResponses"]
    assert sorted(answers) == [status for status, _, _ in ANSWERS]
    assert {answer["responseParameters"][ALLOWED] for answer in answers.values()} == {f"'{ORIGIN}'"}
    assert own_answers(gateway, api["id"]) == set(FAMILIES)
    assert len(gateway.get_request_validators(restApiId=api["id"])["items"]) == 1

    Builder(gateway, api["id"], specify(), "aws").build(api["rootResourceId"])
    methods = resource(gateway, api)["resourceMethods"]
    assert list(methods) == ["POST"]
    assert "requestValidatorId" not in methods["POST"]
    assert own_answers(gateway, api["id"]) == set()
    assert gateway.get_request_validators(restApiId=api["id"])["items"] == []
    with pytest.raises(ClientError, match="NotFoundException"):
        gateway.get_model(restApiId=api["id"], modelName="PredictionRequest")


def test_resources_of_others_in_the_api_stay(
    gateway: Any, api: dict[str, Any], specify: Specify
) -> None:
    place = {"restApiId": api["id"], "parentId": api["rootResourceId"]}
    gateway.create_resource(**place, pathPart="health")
    Builder(gateway, api["id"], specify(), "aws").build(api["rootResourceId"])
    items = gateway.get_resources(restApiId=api["id"])["items"]
    assert {item["path"] for item in items} == {"/", "/health", "/predictions"}
