"""Refuse requests that do not fit the validator of their method."""

from __future__ import annotations

import json

from tests.include.local_aws.apigateway.published import MOCKED, Api

SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["age"],
    "properties": {"age": {"type": "number"}, "plan": {"enum": ["no", "yes"]}},
}


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
    large = json.dumps({"age": 7, "plan": "no", "more": "x" * (64 << 10)})
    assert api.call("/a?q=1", large).status == 200
    assert api.call("/a?q=1", large.replace("7", '"7"', 1)).status == 400
    # no model for this type
    assert api.call("/a?q=1", '{"statusCode": 200}', content_type="text/json").status == 200
    missing = "Missing required request parameters: [q]"
    assert api.call("/a", '{"age": 7}').message == missing


def test_a_model_may_be_of_every_content_type(api: Api) -> None:
    place = {"restApiId": api.id}
    api.client.create_model(
        **place, name="Person", contentType="application/json", schema=json.dumps(SCHEMA)
    )
    validator = api.client.create_request_validator(**place, validateRequestBody=True)
    models = {"$default": "Person", "text/csv": "Empty"}
    api.method(api.resource("a"), MOCKED, requestValidatorId=validator["id"], requestModels=models)
    api.deploy()
    body = '{"statusCode": 200}'  # of no person
    assert api.call("/a", body, content_type="text/json").message == "Invalid request body"
    assert api.call("/a", body).message == "Invalid request body"
    assert api.call("/a", body, content_type="text/csv").status == 200
