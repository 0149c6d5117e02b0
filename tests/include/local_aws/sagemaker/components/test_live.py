"""The state of inference components through a crash of the server."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.components import live, states
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from include.local_aws.sagemaker.runtime.deployments import Deployment
from include.local_aws.sagemaker.runtime.traffic import Traffic
from include.local_aws.testing import running_server
from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.components.conftest import Board, specification


def test_components_and_an_update_survive_a_kill(tmp_path: Path) -> None:
    with running_server(tmp_path, time_scale=60) as server:
        numbers = itertools.count()
        platform = Platform(server, lambda stem: f"{stem}-{next(numbers)}")
        board = Board(platform)
        endpoint = board.endpoint(InstanceType="ml.m5.xlarge")
        updated = board.serving(endpoint, "old")
        silent = board.serving(endpoint, "second")
        board.scale(silent, 0)
        platform.sagemaker.update_inference_component(
            InferenceComponentName=updated, Specification=specification(platform.model(name="new"))
        )
        server.kill()
    with running_server(tmp_path, time_scale=60) as server:
        board = Board(Platform(server, lambda stem: f"{stem}-{next(numbers)}"))
        assert board.settled(updated)["InferenceComponentStatus"] == "InService"
        answer = board.platform.invoke(endpoint, "name", InferenceComponentName=updated)
        assert answer == "new"
        none = {"DesiredCopyCount": 0, "CurrentCopyCount": 0}
        assert board.describe(silent)["RuntimeConfig"] == none


DEPLOYMENT = {
    "EndpointConfigName": "config",
    "Variants": [
        {
            "VariantName": "AllTraffic",
            "InstanceType": "ml.m5.large",
            "Containers": [],
            "DesiredInstanceCount": 1,
            "DesiredWeight": 1.0,
        }
    ],
}
COMPONENT = {
    "InferenceComponentName": "big",
    "InferenceComponentArn": "arn:big",
    "InferenceComponentStatus": "InService",
    "EndpointName": "churn",
    "VariantName": "AllTraffic",
    "Specification": {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}},
    "Containers": [{"Image": "none"}],
    "CopyCount": 1,
}


def test_a_deleted_component_is_not_started_again(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its endpoint has no instance here, so that the restart fails until it is deleted."""
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.001)
    aws.store.insert("endpoint", "churn", {"EndpointStatus": "Updating", "Deployment": DEPLOYMENT})
    aws.store.insert(states.KIND, "big", COMPONENT)
    aws.add(Metrics(aws.store))
    fleet = aws.add(Fleet(aws))
    fleet.live["churn"] = Traffic(Deployment(aws, "churn", DEPLOYMENT))

    async def restart() -> None:
        components = live.Components(aws)
        await components.start()
        while "Restarting component big failed" not in caplog.text:
            await asyncio.sleep(0)
        components.delete("big")
        while aws.store.get(states.KIND, "big"):
            await asyncio.sleep(0)
        (idle,) = await _tasks_after(20 * live.RETRY_SECONDS)
        assert "_release" in str(idle.get_coro())
        await components.stop()

    asyncio.run(restart())


async def _tasks_after(seconds: float) -> set[asyncio.Task[None]]:
    """Return the other tasks that still run after a time."""
    await asyncio.sleep(seconds)
    return asyncio.all_tasks() - {asyncio.current_task()}
