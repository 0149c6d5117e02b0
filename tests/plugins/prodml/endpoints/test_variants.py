"""Read the variants of an endpoint, or of a configuration."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.endpoints.variants import desired, fulfils, instances, names, retyped, serves

ENDPOINT = {
    "EndpointStatus": "InService",
    "EndpointConfigName": "config-1",
    "ProductionVariants": [
        {"VariantName": "AllTraffic", "CurrentInstanceCount": 1, "DesiredInstanceCount": 2}
    ],
    "ShadowProductionVariants": [{"VariantName": "Challenger", "CurrentInstanceCount": None}],
}


def test_a_shadow_is_a_variant_too() -> None:
    assert names(ENDPOINT) == {"AllTraffic", "Challenger"}
    assert names({}) == set()


def test_instances_that_run_and_that_should_run() -> None:
    assert instances(ENDPOINT) == {"AllTraffic": 1, "Challenger": 0}
    assert desired(ENDPOINT) == {"AllTraffic": 2, "Challenger": 0}


@pytest.mark.parametrize(
    ("status", "config", "served"),
    [
        ("InService", "config-1", True),
        ("InService", "config-2", False),
        ("Updating", "config-1", False),
        ("Failed", "config-1", False),
    ],
)
def test_only_in_service_on_a_configuration_serves_it(
    status: str, config: str, served: bool
) -> None:
    assert serves(ENDPOINT | {"EndpointStatus": status}, config) is served


@pytest.mark.parametrize(
    ("wish", "fulfilled"),
    [
        ({"DesiredInstanceCount": 2}, True),
        ({"DesiredInstanceCount": 3}, False),
        ({"DesiredWeight": 0.1}, True),
        ({"DesiredWeight": 0.2}, False),
        ({"DesiredWeight": 0.1, "DesiredInstanceCount": 3}, False),
        ({}, True),
    ],
)
def test_more_instances_fulfil_a_wish_and_another_weight_does_not(
    wish: dict[str, Any], fulfilled: bool
) -> None:
    current = {"CurrentWeight": 0.1000000001, "CurrentInstanceCount": 2}
    assert fulfils(current, wish) is fulfilled


def test_a_variant_that_says_nothing_yet_fulfils_no_wish() -> None:
    assert not fulfils({}, {"DesiredWeight": 0.0})
    assert not fulfils({}, {"DesiredInstanceCount": 1})


def _config(**types: str | None) -> dict[str, Any]:
    made = [{"VariantName": name, "InstanceType": kind} for name, kind in types.items()]
    return {"ProductionVariants": made}


def test_what_goes_or_changes_its_type_is_deregistered_and_nothing_else() -> None:
    present = _config(stays="ml.m5.large", changes="ml.m5.large", goes="ml.m5.large")
    wanted = _config(stays="ml.m5.large", changes="ml.c5.large", comes="ml.c5.large")
    assert retyped(present, wanted) == ["changes", "goes"]


def test_a_serverless_variant_has_no_type_to_change() -> None:
    assert retyped(_config(serverless=None), _config(serverless="ml.m5.large")) == []
