"""Requests to deployed APIs: what API Gateway answers, with and without an endpoint behind it."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from include.local_aws.testing import Server
from tests.include.local_aws.apigateway.published import MOCKED, Api, answer


def test_a_stage_answers_with_the_copy_of_its_deployment(api: Api) -> None:
    place = api.method(api.resource("a"), MOCKED, "GET", answer("first"))
    first = api.deploy(variables={"who": "stage"})
    change = [{"op": "replace", "path": "/responseTemplates/application~1json", "value": "second"}]
    api.client.update_integration_response(**place, statusCode="200", patchOperations=change)
    assert api.call("/a").body == "first"
    api.deploy()
    assert api.call("/a").body == "second"
    api.set_stage(("/deploymentId", first))
    assert api.call("/a").body == "first"


def test_paths_go_to_the_most_specific_resource(api: Api) -> None:
    items = api.resource("items")
    api.method(items, MOCKED, "GET", answer("all"))
    for part in ("{id}", "new", "{rest+}"):
        created = api.client.create_resource(restApiId=api.id, parentId=items, pathPart=part)
        api.method(created["id"], MOCKED, "GET", answer(part.strip("{}+")))
    api.deploy()
    expected = {"/items": "all", "/items/new": "new", "/items/7": "id", "/items/a/b": "rest"}
    assert {path: api.call(path).body for path in expected} == expected


def test_own_responses_of_the_api(api: Api) -> None:
    api.method(api.resource("a"), MOCKED, "GET", apiKeyRequired=True)
    api.client.put_gateway_response(
        restApiId=api.id,
        responseType="DEFAULT_4XX",
        responseParameters={"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
        responseTemplates={"application/json": '{"why":$context.error.messageString}'},
    )
    api.deploy()
    reply = api.call("/a")
    assert (reply.status, json.loads(reply.body)) == (403, {"why": "Forbidden"})
    assert reply.headers["access-control-allow-origin"] == "*"


def test_own_response_that_fails_is_answered_plainly(api: Api) -> None:
    template = {"text/plain": "#foreach($i in $context)$i.x()#end"}
    api.client.put_gateway_response(
        restApiId=api.id, responseType="DEFAULT_4XX", responseTemplates=template
    )
    api.method(api.resource("a"), MOCKED, "GET")
    api.deploy()
    reply = api.call("/none")
    assert (reply.status, reply.message) == (403, "Internal server error")


def test_another_account_does_not_see_the_api(api: Api, local_aws: Server) -> None:
    other = local_aws.client("apigateway", account="111111111111")
    with pytest.raises(ClientError, match="Invalid API identifier"):
        other.get_rest_api(restApiId=api.id)
