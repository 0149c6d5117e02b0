"""The state of inference components through a crash of the server."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from include.local_aws.sagemaker.components import live
from include.local_aws.sagemaker.runtime.deployments import Deployment
from include.local_aws.sagemaker.runtime.traffic import Traffic
from include.local_aws.testing import running_server
from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.components.conftest import (
    COMPONENT,
    DEPLOYMENT,
    Board,
    Stored,
    specification,
)
from tests.include.local_aws.sagemaker.conftest import Launches


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


def test_a_deleted_component_is_not_started_again(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its endpoint has no instance here, so that the restart fails until it is deleted."""
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.001)
    stored.component()
    stored.fleet.live["churn"] = Traffic(Deployment(stored.aws, "churn", DEPLOYMENT))

    async def restart() -> None:
        components = live.Components(stored.aws)
        await components.start()
        while "Restarting component big failed" not in caplog.text:
            await asyncio.sleep(0)
        components.delete("big")
        while stored.describe():
            await asyncio.sleep(0)
        (idle,) = await _tasks_after(20 * live.RETRY_SECONDS)
        assert "_release" in str(idle.get_coro())
        await components.stop()

    asyncio.run(restart())


async def _tasks_after(seconds: float) -> set[asyncio.Task[None]]:
    """Return the other tasks that still run after a time."""
    await asyncio.sleep(seconds)
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize("status", ["Creating", "Updating", "Deleting"])
def test_restart_completes_a_change(
    stored: Stored, launches: Launches, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """Resume a component before the instances of its endpoint start."""
    monkeypatch.setattr(live, "RETRY_SECONDS", 0.001)
    stored.component(InferenceComponentStatus=status, CopyCount=2)

    async def restart() -> None:
        components = live.Components(stored.aws)
        await stored.fleet.start()
        await components.start()
        done = await stored.settled(*([None] if status == "Deleting" else ["InService", "Failed"]))
        assert (done.get("FailureReason"), launches.number["old"], components.current("big")) == (
            (None, 0, 0) if status == "Deleting" else (None, 2, 2)
        )
        await components.stop()
        await stored.fleet.stop()

    asyncio.run(restart())


@pytest.mark.parametrize(("strategy", "idle"), [("SPREAD", 0), ("BINPACK", 1)])
def test_strategy_of_a_component_places_its_copies(
    stored: Stored, launches: Launches, strategy: str, idle: int
) -> None:
    scheduling = {"SchedulingConfig": {"PlacementStrategy": strategy}}
    specification = COMPONENT["Specification"] | scheduling
    variant = DEPLOYMENT["Variants"][0] | {"DesiredInstanceCount": 2}
    stored.aws.store.update("endpoint", "churn", Deployment=DEPLOYMENT | {"Variants": [variant]})
    stored.component(InferenceComponentStatus="Creating", CopyCount=2, Specification=specification)

    async def create() -> None:
        components = live.Components(stored.aws)
        await stored.fleet.start()
        await components.start()
        await stored.settled("InService")
        hosts = stored.fleet.live["churn"].present.variants["AllTraffic"].instances
        assert len(hosts) == 2
        assert len(components._hosts.placement("churn").idle()) == idle
        await components.stop()
        await stored.fleet.stop()

    asyncio.run(create())
