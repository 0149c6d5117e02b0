"""Admit requests by their API key, the quota of its plan, and the limits of the method."""

from __future__ import annotations

from datetime import UTC, datetime

from include.local_aws.apigateway.execution.admission import Throttles
from tests.include.local_aws.apigateway.published import MOCKED, Api


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


def test_a_bucket_is_of_one_place_and_full_again_when_its_limit_changes() -> None:
    throttles = Throttles()
    slow = (0.001, 2)
    assert [throttles.take(("a",), slow) for _ in range(3)] == [True, True, False]
    assert throttles.take(("b",), slow)
    assert [throttles.take(("a",), (0.001, 1)) for _ in range(2)] == [True, False]
    assert not throttles.take(("c",), (10.0, 0))
