"""State how an A/B or shadow test stands, by the rules that promote_winner ends it by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.comparison.contest import CHALLENGER
from prodml.studio.endpoints.contest import rounded, running_test

NOW = datetime(2026, 11, 29, 12, 2, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=30)


class Stated:
    """A stated AWS: hundreds of requests a variant would take seconds on a real endpoint.

    :param failed: Failed requests of 500, by variant; None for a configuration without a test.
    """

    def __init__(self, failed: dict[str, int], requests: int = 500, shadow: bool = False) -> None:
        self.failed, self.requests, self.shadow = failed, requests, shadow

    def client(self, service: str) -> Stated:
        return self

    def describe_endpoint(self, **_: str) -> dict[str, Any]:
        return {"EndpointConfigName": "c"}

    def describe_endpoint_config(self, **_: str) -> dict[str, Any]:
        both = [{"VariantName": name, "ModelName": f"{name}-model"} for name in self.failed]
        config = {"EndpointConfigName": "c", "CreationTime": BEGAN}
        if self.shadow:
            return config | {"ProductionVariants": both[:1], "ShadowProductionVariants": both[1:]}
        return config | {"ProductionVariants": both}

    def get_metric_statistics(self, **request: Any) -> dict[str, Any]:
        place = {item["Name"]: item["Value"] for item in request["Dimensions"]}
        value = {
            "Invocations": self.requests,
            "Invocation5XXErrors": self.failed[place["VariantName"]],
            "ModelLatency": 20_000 * self.requests,
        }[request["MetricName"]]
        return {"Datapoints": [{"Sum": float(value), "SampleCount": float(self.requests)}]}


@pytest.mark.parametrize(
    ("failed", "requests", "winner", "said"),
    [
        (0, 500, "challenger", "The challenger wins: errors 0 % against 0 %"),
        (60, 500, "incumbent", "The challenger loses: 12.0 % of its 500 requests failed"),
        (4, 500, "", "The test continues: errors 0.8 % against 0 %"),
        (0, 40, "", "The test continues: one of the models has answered 40 of at least 100"),
    ],
)
def test_the_verdict_so_far_is_that_of_the_operator(
    failed: int, requests: int, winner: str, said: str
) -> None:
    aws: Any = Stated({"AllTraffic": 0, CHALLENGER: failed}, requests)
    test = running_test(aws, "churn", NOW)
    assert test
    errors, latency = test["judgements"]
    assert (errors["metric"], errors["winner"]) == ("errors", winner)
    assert errors["decision"].startswith(said)
    assert (latency["metric"], latency["unit"], latency["challenger"]) == ("latency", "ms", 20.0)
    assert test["challenger"] == {
        "variant": CHALLENGER,
        "model": "Challenger-model",
        "requests": requests,
        "failed": failed,
    }
    assert (test["shadow"], test["hours"], test["least_hours"]) == (False, 30.0, 24.0)


def test_a_shadow_is_compared_too_and_one_model_alone_is_no_test() -> None:
    shadow: Any = Stated({"AllTraffic": 0, CHALLENGER: 0}, shadow=True)
    test = running_test(shadow, "churn", NOW)
    assert test
    assert test["shadow"]
    alone: Any = Stated({"AllTraffic": 0})
    assert running_test(alone, "churn", NOW) is None


def test_requests_of_five_minutes_are_the_same() -> None:
    assert rounded(NOW) == rounded(NOW + timedelta(minutes=2)) == NOW.replace(minute=0)
    assert rounded(NOW + timedelta(minutes=3)) == NOW.replace(minute=5)
