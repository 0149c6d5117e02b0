"""The running endpoints, and the tasks that create, update, scale and delete them.

The store has the desired state of an endpoint; a deployment is its running state. New instances are
healthy before they get traffic, and old ones drain afterwards, so that no request fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ...core.store import Doc
from ...core.supervision import Tasks, keep_running
from ...core.untrusted_files import remove_tree
from ..runtime.async_queue import AsyncQueue
from ..runtime.deployments import Deployment
from ..runtime.gateway import Gateway
from ..runtime.invocations import Place
from ..runtime.observations import Observations
from ..runtime.shadows import Shadows
from ..runtime.traffic import Traffic
from . import snapshots, states
from .steps import UpdateStoppedError
from .updates import Update
from .usage import Usage

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.components import Component

log = logging.getLogger(__name__)
RETRY_SECONDS = 5.0


class Fleet:
    """The running side of endpoints."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._tasks = Tasks("A task of an endpoint")
        self.live: dict[str, Traffic] = {}
        self.updates: dict[str, Update] = {}
        self.observations = Observations(aws)
        self.shadows = Shadows(self.observations)
        self.queue = AsyncQueue(aws, self.live, self.observations)
        self.components: dict[str, Component] = {}
        self.usage = Usage(aws, self.live, self.components)
        self.gateway = Gateway(
            aws, self.live, self.observations, self.shadows, self.queue, self.components
        )

    async def start(self) -> None:
        """Resume every endpoint after a restart, and start to write captures."""
        remove_tree(self._aws.directory / "endpoints")
        self.observations.capture.load()
        self._tasks.begin(keep_running("Data capture", self.observations.capture.run))
        self.queue.load()
        self._tasks.begin(keep_running("The asynchronous queue", self.queue.run))
        self._tasks.begin(keep_running("The measurement of usage", self.usage.run))
        for doc in self._aws.store.list(states.KIND):
            self._resume(doc)

    async def stop(self) -> None:
        await self._tasks.stop()
        await self.shadows.stop()
        await self.queue.stop()
        running = {d for traffic in self.live.values() for d in traffic.deployments()}
        running |= {d for update in self.updates.values() for d in (update.old, update.new)}
        await asyncio.gather(*(deployment.stop(drain=False) for deployment in running))
        self.observations.capture.save()
        self.flush_metrics()

    def flush_metrics(self) -> None:
        variants = {
            Place(name, variant.name, deployment.config): variant
            for name, traffic in self.live.items()
            for deployment in traffic.deployments()
            for variant in deployment.all.values()
            if not deployment.hosts_components
        }
        for place, variant in variants.items():
            self.observations.record_utilization(place, variant)
        components = [
            Place(component.endpoint, component.present.name, "", name)
            for name, component in self.components.items()
        ]
        self.observations.recorder.flush([*variants, *components])
        self.queue.publish()

    def running(self, name: str) -> dict[str, int]:
        """Return the number of healthy instances of each variant, without those of an update."""
        if update := self.updates.get(name):
            return update.old.running()
        traffic = self.live.get(name)
        return traffic.present.running() if traffic else {}

    def create(self, name: str) -> None:
        self._tasks.begin(self._create(name))

    def update(self, name: str) -> None:
        """Update the endpoint to the document's Target."""
        update = Update(self._aws, name, self.live[name], self._doc(name)["Target"])
        self.updates[name] = update
        self._tasks.begin(self._update(name, update))

    def resize(self, name: str) -> asyncio.Task[None]:
        return self._tasks.begin(self._resize(name))

    def delete(self, name: str) -> None:
        self._tasks.begin(keep_running(f"Deleting endpoint {name}", lambda: self._delete(name)))

    def _resume(self, doc: Doc) -> None:
        name, status = doc["EndpointName"], doc["EndpointStatus"]
        if status == "Creating":
            self.create(name)
        elif status == "Deleting":
            self.delete(name)
        elif status != "Failed":
            traffic = Traffic(Deployment(self._aws, name, doc["Deployment"]))
            self.live[name] = traffic
            self._tasks.begin(self._come_back(name, status, traffic))

    async def _create(self, name: str) -> None:
        doc = self._doc(name)
        deployment = Deployment(self._aws, name, doc["Deployment"])
        try:
            await deployment.start()
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            await deployment.stop(drain=False)
            await states.settle(self._aws, name, "Failed", FailureReason=str(error))
            return
        self.live[name] = Traffic(deployment)
        await states.settle(self._aws, name, "InService")

    async def _come_back(self, name: str, status: str, traffic: Traffic) -> None:
        """Serve again after a restart, then continue an interrupted update."""
        deployment = traffic.present
        while not await self._is_back(name, traffic):
            await asyncio.sleep(RETRY_SECONDS)
        if self.live.get(name) is not traffic:
            # It was deleted while it started.
            await deployment.stop()
            return
        if status == "Updating" and self._doc(name).get("Target"):
            self.update(name)
        elif status == "Updating":
            await self._resize(name)
        elif status == "RollingBack":
            await states.settle(self._aws, name, "InService", Target=None)

    async def _is_back(self, name: str, traffic: Traffic) -> bool:
        if self.live.get(name) is not traffic:
            return True
        try:
            await traffic.present.start()
        except Exception as error:  # noqa: BLE001  (it served before: retry)
            log.warning("Restarting endpoint %s failed; retrying: %s", name, error)
            return False
        return True

    async def _update(self, name: str, update: Update) -> None:
        try:
            if fault := self._aws.faults.take("endpoint", name, "update-fails"):
                raise UpdateStoppedError(fault)
            await update.advance()
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            await self._roll_back(name, update, str(error))
        else:
            target = update.target
            config = target["EndpointConfigName"]
            done = {"Deployment": target, "EndpointConfigName": config, "Target": None}
            await states.settle(self._aws, name, "InService", **done)
            self._tasks.begin(update.old.stop())
        finally:
            self.updates.pop(name, None)

    async def _roll_back(self, name: str, update: Update, reason: str) -> None:
        async def retreat() -> None:
            await update.retreat()
            await update.new.stop()

        if await self._restored(name, reason, retreat):
            await states.settle(self._aws, name, "InService", Target=None)

    async def _resize(self, name: str) -> None:
        """Set weights and instance counts to those of the document."""
        present, doc = self.live[name].present, self._doc(name)
        specs = {spec["VariantName"]: spec for spec in snapshots.specs(doc["Deployment"])}
        before = present.counts()
        configs = {variant: present.all[variant].spec.get("ServerlessConfig") for variant in specs}
        for variant, spec in specs.items():
            if configs[variant]:  # before the resizing, which stops instances above it
                present.all[variant].configure(spec)
        try:
            await present.resize({n: spec["DesiredInstanceCount"] for n, spec in specs.items()})
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            for variant, spec in specs.items():
                spec["DesiredInstanceCount"] = before[variant]
                if configs[variant]:
                    spec["ServerlessConfig"] = configs[variant]
            former = {"Deployment": doc["Deployment"]}
            if not await self._restored(name, str(error), lambda: present.resize(before), **former):
                return
        for variant, spec in specs.items():
            present.all[variant].configure(spec)
        await states.settle(self._aws, name, "InService", Deployment=doc["Deployment"])

    async def _restored(
        self, name: str, reason: str, restore: Callable[[], Awaitable[None]], **members: Any
    ) -> bool:
        """Roll back by *restore* what failed by *reason*; return whether the former state serves.

        :param members: Further members of the document, from the start of the rollback.
        """
        failure = {"FailureReason": reason[:1024]}
        await states.settle(self._aws, name, "RollingBack", **failure, **members)
        try:
            await restore()
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            failure = {"FailureReason": f"{reason} The rollback failed: {error}"[:1024]}
            await states.settle(self._aws, name, "UpdateRollbackFailed", **failure, Target=None)
            return False
        return True

    async def _delete(self, name: str) -> None:
        if traffic := self.live.pop(name, None):
            await asyncio.gather(*(deployment.stop() for deployment in traffic.deployments()))
        self.queue.forget(name)
        await self.observations.capture.flush(name)
        self.flush_metrics()
        self.observations.recorder.forget(name)
        self._aws.store.drop_tags(self._doc(name)["EndpointArn"])
        self._aws.store.delete(states.KIND, name)

    def _doc(self, name: str) -> Doc:
        return states.MACHINE.get(self._aws, name)
