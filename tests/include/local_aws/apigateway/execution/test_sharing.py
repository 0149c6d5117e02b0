"""Pages of other origins call an API that allows their origin."""

from __future__ import annotations

from tests.include.local_aws.apigateway.published import MOCKED, Api


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
