"""Requests to deployed APIs: what API Gateway answers, with and without an endpoint behind it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.testing import Server
from tests.include.local_aws.apigateway.published import MOCKED, ROLE, Api, invocations

# The template of AWS's article "Creating a machine learning-powered REST API with Amazon API
# Gateway mapping templates and Amazon SageMaker", for a recommender of movies.
MOVIES = """{
  "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
    {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
$esc.newline
#end
  ]
}"""
RATINGS = """{
  "ratings": [
#set( $predictions = $input.path("$.instances") )
#foreach( $item in $predictions )
    $item.in1[0]#if( $foreach.hasNext ),#end
#end
  ]
}"""
SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["age"],
    "properties": {"age": {"type": "number"}, "plan": {"enum": ["no", "yes"]}},
}


def test_the_movie_recommender_of_the_article(api: Api, endpoint: str) -> None:
    integration = invocations(endpoint) | {"requestTemplates": {"application/json": MOVIES}}
    api.method(
        api.resource("{user_id}"),
        integration,
        "GET",
        {"responseTemplates": {"application/json": RATINGS}},
        requestParameters={"method.request.querystring.items": True},
    )
    api.deploy()
    reply = api.call("/321?items=101,131,162")
    assert reply.status == 200
    assert json.loads(reply.body) == {"ratings": [101, 131, 162]}
    assert reply.headers["content-type"] == "application/json"


def test_a_body_passes_to_the_endpoint_with_its_type(api: Api, endpoint: str) -> None:
    response = {"responseParameters": {
        "method.response.header.Content-Type": "integration.response.header.Content-Type",
        "method.response.header.X-Static": "'a value'",
    }}  # fmt: skip
    parameters = {"integration.request.header.Accept": "method.request.header.Accept"}
    api.method(
        api.resource("raw"),
        invocations(endpoint) | {"requestParameters": parameters},
        response=response,
        requestParameters={"method.request.header.Accept": False},
    )
    api.deploy()
    reply = api.call("/raw", "accept", accept="text/plain")
    assert (reply.status, reply.body) == (200, "text/plain")
    assert reply.headers["content-type"].startswith("text/csv")
    assert reply.headers["x-static"] == "a value"


def test_an_error_of_the_endpoint_is_chosen_by_its_pattern(api: Api, endpoint: str) -> None:
    place = api.method(api.resource("raw"), invocations(endpoint))
    api.client.put_method_response(**place, statusCode="502")
    api.client.put_integration_response(
        **place,
        statusCode="502",
        selectionPattern="4\\d{2}",
        responseTemplates={"application/json": '{"message":"The model failed."}'},
    )
    api.deploy()
    reply = api.call("/raw", "fail on purpose")
    assert (reply.status, reply.message) == (502, "The model failed.")
    missing = api.client.update_integration
    change = {"op": "replace", "path": "/uri", "value": invocations("no-such-endpoint")["uri"]}
    missing(**place, patchOperations=[change])
    assert api.call("/raw", "text").status == 200  # until the change is deployed
    api.deploy()
    assert api.call("/raw", "text").status == 502


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


def answer(text: str) -> dict[str, Any]:
    return {"responseTemplates": {"application/json": text}}


def test_variables_of_the_request_and_the_stage(api: Api) -> None:
    text = "$context.stage $context.resourcePath $context.httpMethod $stageVariables.who"
    api.method(api.resource("items", "{id}"), MOCKED, "ANY", answer(text))
    api.deploy(variables={"who": "stage"})
    assert api.call("/items/7", method="PUT").body == "test /items/{id} PUT stage"
    host = f"{api.id}.execute-api.us-east-1.amazonaws.com"
    assert api.call("/test/items/7", host=host).body == "test /items/{id} GET stage"


def test_paths_go_to_the_most_specific_resource(api: Api) -> None:
    items = api.resource("items")
    api.method(items, MOCKED, "GET", answer("all"))
    for part in ("{id}", "new", "{rest+}"):
        created = api.client.create_resource(restApiId=api.id, parentId=items, pathPart=part)
        api.method(created["id"], MOCKED, "GET", answer(part.strip("{}+")))
    api.deploy()
    expected = {"/items": "all", "/items/new": "new", "/items/7": "id", "/items/a/b": "rest"}
    assert {path: api.call(path).body for path in expected} == expected


def test_what_the_api_does_not_have(api: Api) -> None:
    api.method(api.resource("a"), MOCKED, "GET")
    api.deploy()
    for path in ("/nothing", "/a/b"):
        reply = api.call(path)
        assert (reply.status, reply.message) == (403, "Missing Authentication Token")
    assert api.call("/a", "body").status == 403
    reply = api.call("/nothing/a", host=f"{api.id}.execute-api.us-east-1.amazonaws.com")
    assert (reply.status, reply.message) == (403, "Forbidden")


def test_a_key_is_required_and_counted(api: Api) -> None:
    api.method(api.resource("a"), MOCKED, "GET", apiKeyRequired=True)
    api.deploy()
    key, value = api.key(quota={"limit": 2, "period": "DAY"})
    assert (api.call("/a").status, api.call("/a").message) == (403, "Forbidden")
    assert api.call("/a", x_api_key="not a key at all").status == 403
    assert [api.call("/a", x_api_key=value).status for _ in range(3)] == [200, 200, 429]
    assert api.call("/a", x_api_key=value).message == "Limit Exceeded"
    plan = api.client.get_usage_plans(keyId=key)["items"][0]["id"]
    today = datetime.now(UTC).date().isoformat()
    usage = api.client.get_usage(usagePlanId=plan, startDate=today, endDate=today)
    assert usage["items"] == {key: [[2, 0]]}
    disable = [{"op": "replace", "path": "/enabled", "value": "false"}]
    api.client.update_api_key(apiKey=key, patchOperations=disable)
    assert api.call("/a", x_api_key=value).message == "Forbidden"


def test_throttling_of_a_stage_and_of_a_key(api: Api) -> None:
    for name, keyed in (("a", False), ("b", True)):
        api.method(api.resource(name), MOCKED, "GET", apiKeyRequired=keyed)
    api.deploy()
    own = "/~1a/GET/throttling"
    api.set_stage((f"{own}/rateLimit", "0.001"), (f"{own}/burstLimit", "2"))
    assert [api.call("/a").status for _ in range(3)] == [200, 200, 429]
    _, value = api.key(throttle={"rateLimit": 0.001, "burstLimit": 1})
    replies = [api.call("/b", x_api_key=value) for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 429]
    assert replies[1].message == "Too Many Requests"


def test_requests_are_validated(api: Api) -> None:
    client, place = api.client, {"restApiId": api.id}
    client.create_model(
        **place, name="Person", contentType="application/json", schema=json.dumps(SCHEMA)
    )
    validator = client.create_request_validator(
        **place, validateRequestBody=True, validateRequestParameters=True
    )
    api.method(
        api.resource("a"),
        MOCKED,
        requestValidatorId=validator["id"],
        requestModels={"application/json": "Person"},
        requestParameters={"method.request.querystring.q": True},
    )
    api.deploy()
    assert api.call("/a?q=1", '{"age": 7, "plan": "no"}').status == 200
    for body in ('{"age": "7"}', '{"age": 7, "plan": "?"}', "{}", "[", "[]"):
        reply = api.call("/a?q=1", body)
        assert (reply.status, reply.message) == (400, "Invalid request body"), body
    missing = "Missing required request parameters: [q]"
    assert api.call("/a", '{"age": 7}').message == missing


def test_a_media_type_without_a_template(api: Api, endpoint: str) -> None:
    integration = invocations(endpoint) | {
        "requestTemplates": {"application/json": "{}"},
        "passthroughBehavior": "NEVER",
    }
    api.method(api.resource("a"), integration)
    api.deploy()
    reply = api.call("/a", "text", content_type="text/csv")
    assert (reply.status, reply.message) == (415, "Unsupported Media Type")


def test_a_template_that_fails_is_an_error_of_the_server(api: Api) -> None:
    api.method(api.resource("a"), MOCKED, "GET", answer("#foreach($i in $context)$i.x()#end"))
    api.deploy()
    reply = api.call("/a")
    assert (reply.status, reply.message) == (500, "Internal server error")


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


def test_the_access_log_has_a_line_for_each_request(api: Api, local_aws: Server) -> None:
    logs, group = local_aws.client("logs"), f"/apis/{api.name}"
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    logs.create_log_group(logGroupName=group)
    api.method(api.resource("a"), MOCKED, "GET")
    api.deploy()
    role = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": ROLE}]
    api.client.update_account(patchOperations=role)
    api.set_stage(
        ("/accessLogSettings/destinationArn", arn),
        ("/accessLogSettings/format", "$context.requestId $context.status $context.missing"),
    )
    replies = [api.call("/a"), api.call("/missing")]
    events = logs.filter_log_events(logGroupName=group)["events"]
    ids = [reply.headers["x-amzn-requestid"] for reply in replies]
    assert [event["message"] for event in events] == [f"{ids[0]} 200 -", f"{ids[1]} 403 -"]


def test_pages_of_other_origins_need_the_permission_of_the_api(api: Api) -> None:
    shared, closed = api.resource("shared"), api.resource("closed")
    for resource in (shared, closed):
        api.method(resource, MOCKED, "GET")
    cors = {"responseParameters": {
        "method.response.header.Access-Control-Allow-Origin": "'https://app.example'"
    }}  # fmt: skip
    api.method(shared, MOCKED, "OPTIONS", cors)
    api.deploy()
    page = {"origin": "https://app.example", "sec_fetch_site": "cross-site"}
    preflight = api.call("/shared", method="OPTIONS", **page)
    assert preflight.headers["access-control-allow-origin"] == "https://app.example"
    assert api.call("/shared", **page).status == 200
    assert api.call("/closed", **page).status == 403
    assert api.call("/shared", **page | {"origin": "https://evil.example"}).status == 403
    assert "web page of another origin" in api.call("/closed", **page).message


@pytest.mark.parametrize("size", [(10 << 20) + 1])
def test_a_payload_that_is_too_long(api: Api, size: int) -> None:
    api.method(api.resource("a"), MOCKED)
    api.deploy()
    reply = api.call("/a", "x" * size)
    assert (reply.status, reply.message) == (413, "Request Too Long")


def test_another_account_does_not_see_the_api(api: Api, local_aws: Server) -> None:
    other = local_aws.client("apigateway", account="111111111111")
    with pytest.raises(ClientError, match="Invalid API identifier"):
        other.get_rest_api(restApiId=api.id)
