"""Mappings of parameters: those that are accepted, and the values that they read."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.mappings import (
    Sources,
    check_gateway,
    check_request,
    check_response,
    context_value,
)
from include.local_aws.wire.errors import AwsError

METHOD = {"requestParameters": {"method.request.querystring.q": True}}
CONTEXT = {"stage": "test", "identity": {"sourceIp": "127.0.0.1"}, "none": None}


@pytest.mark.parametrize(
    "source",
    [
        "method.request.querystring.q",
        "method.request.body",
        "method.request.body.a.b",
        "context.requestId",
        "stageVariables.who",
        "'a static value'",
        "''",
    ],
)
def test_source_of_a_request(source: str) -> None:
    check_request({"integration.request.header.X": source}, METHOD)


@pytest.mark.parametrize(
    ("target", "source", "named"),
    [
        ("integration.request.header.X", "method.request.header.Undeclared", "Undeclared"),
        ("integration.request.header.X", "integration.response.header.Y", "response.header.Y"),
        ("integration.request.header.X", "plain", "plain"),
        ("integration.request.body.X", "'a'", "integration.request.body.X"),
        ("method.response.header.X", "'a'", "method.response.header.X"),
    ],
)
def test_mapping_of_a_request_that_cannot_be_evaluated(
    target: str, source: str, named: str
) -> None:
    with pytest.raises(AwsError, match=f"Invalid mapping expression parameter.*{named}"):
        check_request({target: source}, METHOD)


def test_response_maps_to_declared_headers_alone() -> None:
    declared = {"method.response.header.X": True}
    for source in ("integration.response.header.Y", "integration.response.body.a", "'a'"):
        check_response({"method.response.header.X": source}, declared)
    with pytest.raises(AwsError, match=r"header.Undeclared"):
        check_response({"method.response.header.Undeclared": "'a'"}, declared)
    with pytest.raises(AwsError, match=r"method.request.header.Y"):
        check_response({"method.response.header.X": "method.request.header.Y"}, declared)


def test_own_response_maps_what_is_known_without_an_integration() -> None:
    check_gateway({"gatewayresponse.header.X": "'*'", "gatewayresponse.header.Y": "context.stage"})
    with pytest.raises(AwsError, match=r"integration.response.header.X"):
        check_gateway({"gatewayresponse.header.X": "integration.response.header.X"})
    with pytest.raises(AwsError, match=r"specified: method.response.header.X"):
        check_gateway({"method.response.header.X": "'*'"})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'it''s \n two lines'", "it''s \n two lines"),
        ("context.identity.sourceIp", "127.0.0.1"),
        ("context.missing", None),
        ("stageVariables.who", "stage"),
        ("stageVariables.missing", None),
        ("method.request.querystring.q", "querystring q"),
        ("integration.response.header.X", "header X"),
        ("method.request.body", "$"),
        ("integration.response.body.a[0]", "$.a[0]"),
        ("unknown.place", None),
    ],
)
def test_value_of_a_source(source: str, value: str | None) -> None:
    sources = Sources(CONTEXT, {"who": "stage"}, "{} {}".format, str)
    assert sources.value(source) == value


@pytest.mark.parametrize(
    ("name", "value"), [("stage", "test"), ("identity", None), ("none", None), ("stage.x", None)]
)
def test_only_a_leaf_of_the_context_is_a_value(name: str, value: str | None) -> None:
    assert context_value(CONTEXT, name) == value
