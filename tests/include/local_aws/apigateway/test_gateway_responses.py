"""The responses that API Gateway makes itself, and those that an API has in their place."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.gateway_responses import Refusal, chosen, default


def test_refusal_has_the_usual_message_unless_one_is_given() -> None:
    usual = Refusal("INVALID_API_KEY")
    assert (usual.status, usual.message, usual.error) == (403, "Forbidden", "ForbiddenException")
    own = Refusal("BAD_REQUEST_PARAMETERS", "Missing required request parameters: [q]")
    assert (own.status, str(own)) == (400, "Missing required request parameters: [q]")
    assert Refusal("BAD_REQUEST_BODY", "").message == ""


def test_default_response_has_the_status_of_its_kind() -> None:
    throttled = default("THROTTLED")
    assert (throttled["statusCode"], throttled["defaultResponse"]) == ("429", True)
    assert default("DEFAULT_4XX")["statusCode"] is None  # that of its cause


@pytest.mark.parametrize(
    ("kinds", "kind", "wanted"),
    [
        (["DEFAULT_4XX", "THROTTLED"], "THROTTLED", "THROTTLED"),
        (["DEFAULT_4XX", "DEFAULT_5XX"], "THROTTLED", "DEFAULT_4XX"),
        (["DEFAULT_4XX", "DEFAULT_5XX"], "INTEGRATION_TIMEOUT", "DEFAULT_5XX"),
        (["DEFAULT_5XX", "QUOTA_EXCEEDED"], "THROTTLED", None),
    ],
)
def test_own_response_of_the_kind_comes_before_that_of_its_family(
    kinds: list[str], kind: str, wanted: str | None
) -> None:
    response = chosen({name: {"responseType": name} for name in kinds}, Refusal(kind))
    assert (response or {}).get("responseType") == wanted
