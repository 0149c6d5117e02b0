"""Map requests to SageMaker and its answers back to the client, by templates and patterns."""

from __future__ import annotations

import json

from tests.include.local_aws.apigateway.published import MOCKED, Api, answer, invocations

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


def test_the_endpoint_is_named_by_the_stage_and_the_path(api: Api, endpoint: str) -> None:
    stem, _, last = endpoint.rpartition("-")
    resource = api.resource("models", "{name}")
    path = {"integration.request.path.last": "method.request.path.name"}
    api.method(
        resource,
        invocations("${stageVariables.stem}-{last}") | {"requestParameters": path},
        requestParameters={"method.request.path.name": True},
    )
    api.deploy(variables={"stem": stem})
    assert api.call(f"/models/{last}", "text").body == "text"
    for other in ("a..b", "$%7BstageVariables.stem%7D", "a%20b"):
        reply = api.call(f"/models/{other}", "text")
        assert (reply.status, reply.message) == (500, "Internal server error"), other


def test_values_of_the_bodies_become_headers(api: Api, endpoint: str) -> None:
    integration = invocations(endpoint) | {
        "requestParameters": {"integration.request.header.Accept": "method.request.body.kind"},
        "requestTemplates": {"application/json": "$input.path('$.order')"},
    }
    response = {
        "responseParameters": {
            "method.response.header.X-Name": "integration.response.body.name",
            "method.response.header.X-Whole": "integration.response.body",
        },
        "responseTemplates": {"application/json": ""},
    }
    api.method(api.resource("a"), integration, response=response)
    api.deploy()
    kind = json.dumps({"kind": "text/plain", "order": "accept"})
    reply = api.call("/a", kind)
    assert (reply.body, reply.headers["content-type"]) == ("text/plain", "application/json")
    assert (reply.headers["x-whole"], "x-name" in reply.headers) == ("text/plain", False)
    named = json.dumps({"order": '{"name": "a\\r\\nb"}'})
    assert api.call("/a", named).headers["x-name"] == "a  b"  # no header of its own


def test_an_answer_that_comes_too_late(api: Api, endpoint: str) -> None:
    api.method(api.resource("a"), invocations(endpoint) | {"timeoutInMillis": 50})
    api.deploy()
    reply = api.call("/a", "sleep 0.3")
    assert (reply.status, reply.message) == (504, "Endpoint request timed out")


def test_a_template_changes_the_response(api: Api) -> None:
    status = "#set($context.responseOverride.status = {})"
    header = "#set($context.responseOverride.header.why = 'changed')"
    for name, text in (("a", status.format(404) + header), ("b", status.format(999))):
        api.method(api.resource(name), MOCKED, "GET", answer(text))
    api.deploy()
    reply = api.call("/a")
    assert (reply.status, reply.headers["why"]) == (404, "changed")
    assert api.call("/b").status == 500


def test_a_mock_without_a_status_or_a_response_for_it_is_an_error(api: Api) -> None:
    for name, template in (("a", "[]"), ("b", "{}"), ("c", '{"statusCode": "x"}')):
        mocked = MOCKED | {"requestTemplates": {"application/json": template}}
        api.method(api.resource(name), mocked, "GET")
    api.method(api.resource("d"), MOCKED, "GET", {"selectionPattern": "4\\d{2}"})
    api.deploy()
    assert [api.call(path).status for path in ("/a", "/b", "/c", "/d")] == [500] * 4
