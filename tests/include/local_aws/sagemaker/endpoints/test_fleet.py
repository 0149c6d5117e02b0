from __future__ import annotations

import asyncio
import copy
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints import fleet as fleets
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from include.local_aws.sagemaker.runtime.deployments import Deployment
from include.local_aws.sagemaker.runtime.traffic import Traffic as Routing
from include.local_aws.testing import running_server
from tests.include.local_aws.models import BROKEN, Platform, variant
from tests.include.local_aws.sagemaker.conftest import Launches
from tests.include.local_aws.traffic import Traffic


def test_no_request_fails_while_an_endpoint_is_updated(platform: Platform) -> None:
    name = platform.serving(variant(platform.model(name="first")))
    config = platform.config(variant(platform.model(name="second"), InitialInstanceCount=2))
    with Traffic(platform, name) as traffic:
        time.sleep(0.5)
        platform.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config)
        described = platform.settled(name)
        time.sleep(0.5)
    assert traffic.failures == []
    assert {"first", "second"} == set(traffic.answers)
    assert traffic.answers[-1] == "second"
    assert described["EndpointConfigName"] == config
    assert described["ProductionVariants"][0]["CurrentInstanceCount"] == 2


def test_no_request_fails_while_an_endpoint_scales(platform: Platform) -> None:
    name = platform.serving(variant(platform.model()))
    with Traffic(platform, name) as traffic:
        for count in (3, 1):
            wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": count}
            platform.sagemaker.update_endpoint_weights_and_capacities(
                EndpointName=name, DesiredWeightsAndCapacities=[wish]
            )
            serving = platform.settled(name)["ProductionVariants"][0]
            assert serving["CurrentInstanceCount"] == serving["DesiredInstanceCount"] == count
    assert traffic.failures == []


def test_model_that_does_not_come_up_is_rolled_back(platform: Platform) -> None:
    good = platform.config(variant(platform.model()))
    name = platform.endpoint(good)
    platform.settled(name)
    bad = platform.config(variant(platform.model(BROKEN)))
    with Traffic(platform, name, callers=1) as traffic:
        platform.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=bad)
        described = platform.settled(name)
    assert described["EndpointStatus"] == "InService"
    assert described["EndpointConfigName"] == good
    assert "did not pass the ping health check" in described["FailureReason"]
    assert traffic.failures == []


def test_next_good_update_clears_the_reason(platform: Platform) -> None:
    name = platform.serving(variant(platform.model()))
    for code in (BROKEN, None):
        model = platform.model(code) if code else platform.model(name="second")
        config = platform.config(variant(model))
        platform.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config)
        described = platform.settled(name)
    assert "FailureReason" not in described
    assert platform.invoke(name, "name") == "second"


def test_endpoint_whose_model_is_broken_fails(platform: Platform) -> None:
    name = platform.endpoint(platform.config(variant(platform.model(BROKEN))))
    described = platform.settled(name)
    assert described["EndpointStatus"] == "Failed"
    assert "ping health check" in described["FailureReason"]
    with pytest.raises(ClientError, match="not found"):
        platform.invoke(name, "1")
    logs = platform.server.client("logs").filter_log_events(
        logGroupName=f"/aws/sagemaker/Endpoints/{name}"
    )
    assert any("cannot be imported" in event["message"] for event in logs["events"])


def test_variants_share_traffic_by_weight(platform: Platform) -> None:
    name = platform.serving(
        variant(platform.model(name="first"), "First", InitialVariantWeight=1.0),
        variant(platform.model(name="second"), "Second", InitialVariantWeight=0.0),
    )
    assert {platform.invoke(name, "name") for _ in range(8)} == {"first"}
    assert platform.invoke(name, "name", TargetVariant="Second") == "second"
    wishes = [
        {"VariantName": "First", "DesiredWeight": 0.0},
        {"VariantName": "Second", "DesiredWeight": 2.0},
    ]
    platform.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=wishes
    )
    summary = platform.settled(name)["ProductionVariants"]
    assert [v["CurrentWeight"] for v in summary] == [0.0, 2.0]
    assert [v["CurrentInstanceCount"] for v in summary] == [1, 1]
    assert {platform.invoke(name, "name") for _ in range(8)} == {"second"}


def test_retained_properties_survive_an_update(platform: Platform) -> None:
    name = platform.serving(variant(platform.model()))
    wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": 2}
    platform.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=[wish]
    )
    platform.settled(name)
    config = platform.config(variant(platform.model(name="second")))
    platform.sagemaker.update_endpoint(
        EndpointName=name, EndpointConfigName=config, RetainAllVariantProperties=True
    )
    assert platform.settled(name)["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    assert platform.invoke(name, "name") == "second"


@pytest.mark.parametrize("order", ["die", "freeze"])
def test_instance_that_dies_is_replaced_while_the_other_serves(
    platform: Platform, order: str
) -> None:
    name = platform.serving(variant(platform.model(), InitialInstanceCount=2))
    before = {platform.invoke(name, "who") for _ in range(8)}
    with pytest.raises(platform.runtime.exceptions.ModelError):
        platform.invoke(name, order)
    with Traffic(platform, name, body="who", callers=2) as traffic:
        traffic.until(lambda answers: len(set(answers) - before) == 1)
    assert traffic.failures == []
    assert len(set(traffic.answers) & before) == 1


@contextmanager
def _restarted(platform: Platform, data_dir: Path) -> Iterator[Platform]:
    with running_server(data_dir, time_scale=60) as server:
        platform.server = server
        platform.sagemaker = server.client("sagemaker")
        platform.runtime = server.client("sagemaker-runtime")
        yield platform


def test_endpoints_come_back_after_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path, time_scale=60) as server:
        platform = Platform(server, lambda stem: f"{stem}-a")
        name = platform.serving(variant(platform.model(), InitialInstanceCount=2))
        server.kill()
    with _restarted(platform, tmp_path):
        assert platform.invoke(name, "name") == "first"
        summary = platform.settled(name)["ProductionVariants"][0]
        assert summary["DesiredInstanceCount"] == 2


def test_deleted_configuration_does_not_stop_its_endpoint(platform: Platform) -> None:
    config = platform.config(variant(platform.model()))
    name = platform.endpoint(config)
    platform.settled(name)
    platform.sagemaker.delete_endpoint_config(EndpointConfigName=config)
    assert platform.invoke(name, "name") == "first"


def test_update_continues_after_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path, time_scale=60) as server:
        platform = Platform(server, lambda stem: f"{stem}-a")
        name = platform.serving(variant(platform.model()))
        platform.unique = lambda stem: f"{stem}-b"
        config = platform.config(variant(platform.model(name="second")))
        platform.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config)
        server.kill()
    with _restarted(platform, tmp_path):
        assert platform.settled(name)["EndpointConfigName"] == config
        assert platform.invoke(name, "name") == "second"


def test_rolling_update_continues_after_a_kill(tmp_path: Path) -> None:
    """Kill the server once the first batch serves; in the end the whole new fleet does."""
    batch = {"Type": "INSTANCE_COUNT", "Value": 1}
    rolling = {"MaximumBatchSize": batch, "WaitIntervalInSeconds": 120}
    with running_server(tmp_path, time_scale=60) as server:
        numbers = itertools.count()
        platform = Platform(server, lambda stem: f"{stem}-{next(numbers)}")
        name = platform.serving(variant(platform.model(), InitialInstanceCount=2))
        model = platform.model(name="second")
        config = platform.config(variant(model, InitialInstanceCount=2))
        platform.sagemaker.update_endpoint(
            EndpointName=name,
            EndpointConfigName=config,
            DeploymentConfig={"RollingUpdatePolicy": rolling},
        )
        with Traffic(platform, name, callers=1) as traffic:
            traffic.until_answered("second")
        server.kill()
    with _restarted(platform, tmp_path):
        described = platform.settled(name)
        assert described["EndpointConfigName"] == config
        assert described["ProductionVariants"][0]["CurrentInstanceCount"] == 2
        assert {platform.invoke(name, "name") for _ in range(4)} == {"second"}


def test_restart_keeps_pending_captures(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        platform = Platform(server, lambda stem: f"{stem}-a")
        capture = {
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{platform.bucket}/capture",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        }
        name = platform.serving(variant(platform.model()), DataCaptureConfig=capture)
        platform.invoke(name, "1,2")
    with running_server(tmp_path, time_scale=60) as server:
        s3 = server.client("s3", s3={"addressing_style": "path"})
        deadline = time.monotonic() + 10
        listed: dict[str, object] = {}
        while "Contents" not in listed and time.monotonic() < deadline:
            time.sleep(0.1)
            listed = s3.list_objects_v2(Bucket=platform.bucket, Prefix=f"capture/{name}/")
        assert "Contents" in listed


def test_concurrency_that_cannot_start_is_that_of_before(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without processes: no instance starts here."""
    former = {"MaxConcurrency": 4, "ProvisionedConcurrency": 1, "MemorySizeInMB": 1024}
    spec: dict[str, Any] = {"VariantName": "AllTraffic", "DesiredInstanceCount": 1}
    spec |= {"DesiredWeight": 1.0, "Containers": [{"Image": "none"}], "ServerlessConfig": former}
    running: dict[str, Any] = {"EndpointConfigName": "config", "Variants": [spec]}
    wanted = copy.deepcopy(running)
    wanted["Variants"][0] |= {"ServerlessConfig": former | {"ProvisionedConcurrency": 3}}
    aws.store.insert("endpoint", "churn", {"EndpointStatus": "Updating", "Deployment": wanted})
    fleet = Fleet(aws)
    deployment = Deployment(aws, "churn", running)
    fleet.live["churn"] = Routing(deployment)
    outcomes = iter([RuntimeError("The container did not start."), None])

    async def resize(counts: dict[str, int]) -> None:
        if error := next(outcomes):
            raise error

    async def scale() -> None:
        await fleet.resize("churn")

    monkeypatch.setattr(deployment, "resize", resize)
    asyncio.run(scale())
    doc = aws.store.get("endpoint", "churn") or {}
    assert doc["EndpointStatus"] == "InService"
    assert doc["FailureReason"] == "The container did not start."
    assert doc["Deployment"]["Variants"][0]["ServerlessConfig"] == former


def _stored(aws: Aws, status: str, **counts: int) -> None:
    """Store an endpoint with a variant of each name and number of instances."""
    variants = [
        {
            "VariantName": name,
            "DesiredInstanceCount": count,
            "DesiredWeight": 1.0,
            "Containers": [{"Image": name}],
        }
        for name, count in counts.items()
    ]
    doc = {"EndpointName": "churn", "EndpointArn": "arn:churn", "EndpointStatus": status}
    deployment = {"EndpointConfigName": "config", "Variants": variants}
    aws.store.insert("endpoint", "churn", doc | {"Deployment": deployment})


async def _settled(aws: Aws, *statuses: str | None) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while (doc := aws.store.get("endpoint", "churn") or {}).get("EndpointStatus") not in (
            statuses
        ):
            await asyncio.sleep(0.001)
    return doc


@pytest.mark.parametrize(
    ("status", "failing", "settled", "launched"),
    [
        ("Creating", set(), "InService", 2),
        ("Creating", {("first", 2)}, "Failed", 2),
        ("Updating", set(), "InService", 2),
        ("Updating", {("first", 1)}, "InService", 4),
        ("RollingBack", set(), "InService", 2),
        ("Deleting", set(), None, 0),
    ],
)
def test_restart_completes_a_change(
    aws: Aws,
    launches: Launches,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    failing: set[tuple[str, int]],
    settled: str | None,
    launched: int,
) -> None:
    """Start instances that served before until they run; fail a creation at the first error."""
    monkeypatch.setattr(fleets, "RETRY_SECONDS", 0.001)
    launches.failing = failing
    aws.add(Metrics(aws.store))
    _stored(aws, status, first=2)

    async def restart() -> None:
        fleet = Fleet(aws)
        await fleet.start()
        doc = await _settled(aws, settled)
        assert ("FailureReason" in doc) == (settled == "Failed")
        running = {"first": 2} if settled == "InService" else {}
        assert (fleet.running("churn"), launches.number["first"]) == (running, launched)
        await fleet.stop()

    asyncio.run(restart())


def test_deleted_endpoint_does_not_come_back(
    aws: Aws, launches: Launches, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delete it while it waits for the next attempt to start."""
    monkeypatch.setattr(fleets, "RETRY_SECONDS", 0.05)
    aws.add(Metrics(aws.store))
    _stored(aws, "InService", first=1)
    launches.failing = {("first", 1)}

    async def delete() -> None:
        fleet = Fleet(aws)
        await fleet.start()
        while not launches.number["first"]:
            await asyncio.sleep(0)
        aws.store.update("endpoint", "churn", EndpointStatus="Deleting")
        fleet.delete("churn")
        await _settled(aws, None)
        await asyncio.sleep(0.06)
        assert (launches.number["first"], fleet.live) == (1, {})
        await fleet.stop()

    asyncio.run(delete())


@pytest.mark.parametrize(
    ("failing", "settled", "running"),
    [
        ({("grows", 2)}, "InService", {"shrinks": 2, "grows": 1}),
        ({("grows", 2), ("shrinks", 3)}, "UpdateRollbackFailed", {"shrinks": 1, "grows": 1}),
    ],
)
def test_scaling_that_fails_is_rolled_back_or_says_that_it_cannot_be(
    aws: Aws,
    launches: Launches,
    failing: set[tuple[str, int]],
    settled: str,
    running: dict[str, int],
) -> None:
    aws.add(Metrics(aws.store))
    _stored(aws, "InService", shrinks=2, grows=1)
    launches.failing = failing

    async def scale() -> None:
        fleet = Fleet(aws)
        await fleet.start()
        while fleet.running("churn") != {"shrinks": 2, "grows": 1}:
            await asyncio.sleep(0)
        deployment = aws.store.get("endpoint", "churn")["Deployment"]  # type: ignore[index]
        for spec, count in zip(deployment["Variants"], (1, 2), strict=True):
            spec["DesiredInstanceCount"] = count
        aws.store.update("endpoint", "churn", EndpointStatus="Updating", Deployment=deployment)
        await fleet.resize("churn")
        doc = await _settled(aws, settled)
        wanted = [v["DesiredInstanceCount"] for v in doc["Deployment"]["Variants"]]
        assert (wanted, fleet.running("churn")) == ([2, 1], running)
        assert "launch 2 of grows failed" in doc["FailureReason"]
        assert ("The rollback failed" in doc["FailureReason"]) == (len(failing) == 2)
        await fleet.stop()

    asyncio.run(scale())
