"""Requests that no method answers: of unknown stages and paths, or with too long a payload."""

from __future__ import annotations

from tests.include.local_aws.apigateway.published import MOCKED, Api


def test_what_the_api_does_not_have(api: Api) -> None:
    api.method(api.resource("a"), MOCKED, "GET")
    api.deploy()
    for path in ("/nothing", "/a/b"):
        reply = api.call(path)
        assert (reply.status, reply.message) == (403, "Missing Authentication Token")
    assert api.call("/a", "body").status == 403
    reply = api.call("/nothing/a", host=f"{api.id}.execute-api.us-east-1.amazonaws.com")
    assert (reply.status, reply.message) == (403, "Forbidden")


def test_a_payload_that_is_too_long(api: Api) -> None:
    api.method(api.resource("a"), MOCKED)
    api.deploy()
    reply = api.call("/a", "x" * ((10 << 20) + 1))
    assert (reply.status, reply.message) == (413, "Request Too Long")
