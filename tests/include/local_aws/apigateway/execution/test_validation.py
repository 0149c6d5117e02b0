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
    missing = "Missing required request parameters: [q]"
    assert api.call("/a", '{"age": 7}').message == missing
