"""Invoke the endpoint of an integration, with the body and the headers of the request."""

from __future__ import annotations

from tests.include.local_aws.apigateway.published import Api, invocations


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
