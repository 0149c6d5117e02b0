"""Requests and responses of API Gateway, by botocore's model of it."""

from __future__ import annotations

import json

import pytest
from botocore.model import OperationModel

from include.local_aws.wire import model
from include.local_aws.wire.errors import AwsError
from include.local_aws.wire.rest import codec, parsed, written


def operation(name: str) -> OperationModel:
    known = model.operation("apigateway", name)
    assert known is not None
    return known


def test_members_are_read_from_path_query_and_body() -> None:
    request = parsed(
        operation("GetResources"),
        "/restapis/a%2Fb/resources",
        b"limit=5&embed=methods&embed=other&position=&unknown=1",
        b"",
    )
    assert request == {
        "restApiId": "a/b",
        "limit": 5,
        "embed": ["methods", "other"],
        "position": "",
    }
    request = parsed(
        operation("PutMethod"),
        "/restapis/a/resources/b/methods/GET",
        b"",
        b'{"authorizationType": "NONE", "apiKeyRequired": false, "restApiId": "other"}',
    )
    assert request == {
        "restApiId": "a",
        "resourceId": "b",
        "httpMethod": "GET",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
    }


@pytest.mark.parametrize(("text", "expected"), [("TRUE", True), ("false", False), ("1", False)])
def test_boolean_of_a_query(text: str, expected: bool) -> None:
    query = f"failonwarnings={text}".encode()
    assert parsed(operation("ImportRestApi"), "/restapis", query, b"") == {
        "failOnWarnings": expected
    }


@pytest.mark.parametrize("text", ["many", "1.5", "", "12345678901"])
def test_number_of_a_query_must_be_one(text: str) -> None:
    with pytest.raises(AwsError, match=f"limit must be a number, not '{text}'") as refused:
        parsed(operation("GetRestApis"), "/restapis", f"limit={text}".encode(), b"")
    assert refused.value.code == "BadRequestException"


def test_body_that_is_no_structure_is_refused() -> None:
    with pytest.raises(AwsError, match="Start of structure expected") as refused:
        parsed(operation("CreateRestApi"), "/restapis", b"", b"[]")
    assert refused.value.code == "SerializationException"


def test_response_has_the_names_of_the_wire() -> None:
    document = {"items": [{"id": "a", "name": None, "secret": 1, "tags": {"Items": "x"}}]}
    body = written(document, operation("GetRestApis").output_shape)
    assert json.loads(body) == {"item": [{"id": "a", "tags": {"Items": "x"}}]}
    assert written({}, operation("DeleteRestApi").output_shape) == b""


def test_codec_has_the_status_of_its_operation_and_the_path_of_its_request() -> None:
    created = codec(operation("CreateDeployment"), "/restapis/a/deployments", b"")
    assert created.status == 201
    assert created.parsed(b'{"stageName": "live"}') == {"restApiId": "a", "stageName": "live"}
    assert codec(operation("GetRestApis"), "/restapis", b"").status == 200
