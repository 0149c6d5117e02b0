"""A model that an inference component serves, on the pages that show it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.autoscaling.registrations import scaled_component
from prodml.aws.client import Aws
from prodml.endpoints.hosted import Hosted
from prodml.studio.endpoints.contest import KEPT, rounded, running_test
from prodml.studio.endpoints.deployments import deployments_of
from prodml.studio.endpoints.metrics import component_metrics
from prodml.studio.endpoints.overview import endpoint, endpoints
from prodml.studio.lineage.graph import lineage
from prodml.studio.models import models
from prodml.studio.reader import MINUTE, KeepingClients, Reader

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account

PER_COPY = {"PredefinedMetricType": "SageMakerInferenceComponentInvocationsPerCopy"}


@pytest.fixture(scope="module")
def hosted(platform: Platform, server: Server) -> Iterator[tuple[str, str]]:
    """A component that serves the second of two versions, with scaling, and its endpoint."""
    name, fleet = platform.unique("hosted"), platform.unique("fleet")
    _, second = account.register(platform, name, {0.8: "Rejected", 0.9: "Approved"})
    account.host(platform, fleet, name, second)
    scaling, place = server.client("application-autoscaling"), scaled_component(name)
    scaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=2)
    scaling.put_scaling_policy(
        **place,
        PolicyName="target",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 100.0,
            "PredefinedMetricSpecification": PER_COPY,
        },
    )
    server.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=fleet, InferenceComponentName=name, Body=b"hello"
    )
    yield name, fleet
    scaling.deregister_scalable_target(**place)
    Hosted(Aws(), name, 0.1).delete()


def test_the_model_has_the_components_version_state_and_traffic(hosted: tuple[str, str]) -> None:
    name, fleet = hosted
    card: Any = next(card for card in models(Aws())["models"] if card["name"] == name)["endpoint"]
    assert (card["name"], card["component"], card["status"]) == (fleet, name, "InService")
    assert (card["version"], card["copies"], card["instances"]) == (2, 1, 1)


def test_the_endpoint_has_the_components_copies_scaling_and_alarms(hosted: tuple[str, str]) -> None:
    name, fleet = hosted
    described: Any = endpoint(Aws(), fleet, {})
    (only,) = described["components"]
    assert (only["name"], only["variant"], only["version"]) == (name, "AllTraffic", 2)
    assert (only["copies"], only["desired"], only["cpus"], only["memory_mb"]) == (1, 1, 0.5, 512)
    (target,) = described["scaling"]["targets"]
    assert (target["scaled"], target["least"], target["most"]) == (name, 1, 2)
    assert {alarm["use"] for alarm in described["alarms"]} == {"scaling"}


def test_the_models_of_the_component_are_its_deployments(hosted: tuple[str, str]) -> None:
    name, _ = hosted
    (only,) = deployments_of(Aws(), name)
    assert (only["config"], only["version"], only["state"]) == (f"{name}-m", 2, "in service")
    assert (only["dag"], only["run"]) == ("deploy_model", "manual__2026-11-27")


def test_the_lineage_of_the_version_leads_to_the_component(hosted: tuple[str, str]) -> None:
    name, fleet = hosted
    graphs = [lineage(Aws(), name, version) for version in (1, 2)]
    served = [[n["name"] for n in g["nodes"] if n["step"] == "endpoint"] for g in graphs if g]
    assert served == [[], [fleet]]


def test_requests_and_use_are_measured_by_component(hosted: tuple[str, str]) -> None:
    name, _ = hosted
    wanted = {"Invocations", "ModelLatency", "MemoryUtilizationNormalized"}
    deadline, measured = time.monotonic() + 30, set[str]()
    while time.monotonic() < deadline and not wanted <= measured:
        now = datetime.now(UTC)
        series = component_metrics(Aws(), [name], now - timedelta(hours=1), now)["series"]
        measured = {one["metric"] for one in series if sum(one["y"])}
        time.sleep(0.2)
    assert wanted <= measured


def test_an_open_page_costs_three_more_calls_for_each_component(hosted: tuple[str, str]) -> None:
    (name, fleet), minutes, seconds = hosted, 5, [0.0]
    reader = Reader(Aws(), lambda: seconds[0])
    kept, seldom = KeepingClients(reader, MINUTE), KeepingClients(reader, KEPT)
    for minute in range(minutes):
        seconds[0] = MINUTE * minute
        now = datetime(2026, 11, 29, 12, minute, tzinfo=UTC)
        endpoints(kept, "local")
        endpoint(kept, fleet, {}, seldom)
        component_metrics(kept, [name], now - timedelta(hours=3), now)
        running_test(seldom, fleet, rounded(now))
    assert reader.calls.total() <= (10 + 3) * minutes, reader.calls
