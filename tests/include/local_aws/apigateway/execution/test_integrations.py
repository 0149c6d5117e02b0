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
