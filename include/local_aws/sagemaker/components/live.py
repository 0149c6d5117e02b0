"""The running inference components, and the tasks that create, update, scale and delete them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from ...autoscaling import targets
from ...core.store import Doc
from ...core.supervision import Tasks, keep_running
from ..endpoints.fleet import Fleet
from ..runtime.components import Component, Copies
from ..runtime.errors import COMPONENT_LOG_GROUP
from .hosts import Hosts
from .rollout import Rollout
from .specification import REQUIREMENTS
from .states import KIND, MACHINE

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
RETRY_SECONDS = 0.5


class Components:
    """The running side of inference components."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._fleet = aws.part(Fleet)
        self._hosts = Hosts(aws)
        self._tasks = Tasks("A task of an inference component")
        self._live = self._fleet.components

    async def start(self) -> None:
        """Resume every component after a restart."""
        for doc in self._aws.store.list(KIND):
            name, status = doc["InferenceComponentName"], doc["InferenceComponentStatus"]
            if status == "Creating":
                self.create(name)
            elif status == "Deleting":
                self.delete(name)
            elif status != "Failed":
                self._live[name] = self._component(doc)
                self._tasks.begin(self._come_back(name, status))

    async def stop(self) -> None:
        await self._tasks.stop()
        await self._hosts.stop()
        versions = [copies for c in self._live.values() for copies in c.versions()]
        await asyncio.gather(*(copies.stop(drain=False) for copies in versions))

    def current(self, name: str) -> int:
        """Return the number of copies in service."""
        component = self._live.get(name)
        return component.count() if component else 0

    def create(self, name: str) -> None:
        self._live[name] = self._component(self._doc(name))
        self._tasks.begin(self._create(name))

    def update(self, name: str) -> None:
        """Update the component to the document's Target."""
        self._tasks.begin(self._update(name))

    def scale(self, name: str) -> asyncio.Task[None]:
        """Set the copies to the document's CopyCount; the task ends when that is done."""
        return self._tasks.begin(self._scale(name))

    def delete(self, name: str) -> None:
        self._tasks.begin(keep_running(f"Deleting component {name}", lambda: self._delete(name)))

    async def _create(self, name: str) -> None:
        copies = self._live[name].present
        await self._hosts.started(self._live[name].endpoint)
        try:
            await copies.resize(self._doc(name)["CopyCount"])
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            await copies.stop(drain=False)
            await MACHINE.settle(self._aws, name, "Failed", FailureReason=str(error))
            return
        await MACHINE.settle(self._aws, name, "InService")

    async def _come_back(self, name: str, status: str) -> None:
        """Serve again after a restart, then continue an interrupted update."""
        present = self._live[name].present
        while not await self._is_back(name, present):
            await asyncio.sleep(RETRY_SECONDS)
        if not self._serves(name, present):
            await present.stop(drain=False)  # it was deleted while it started
        elif status == "Updating" and self._doc(name).get("Target"):
            await self._update(name)
        elif status == "Updating":
            await MACHINE.settle(self._aws, name, "InService")

    async def _is_back(self, name: str, present: Copies) -> bool:
        """Return whether the copies run again, or are not needed any more."""
        if not self._serves(name, present):
            return True
        try:
            await present.resize(self._doc(name)["CopyCount"])
        except Exception as error:  # noqa: BLE001  (it served before: retry)
            log.warning("Restarting component %s failed; retrying: %s", name, error)
            return False
        return True

    def _serves(self, name: str, present: Copies) -> bool:
        component = self._live.get(name)
        return component is not None and component.present is present

    async def _update(self, name: str) -> None:
        component, target = self._live[name], self._doc(name)["Target"]
        new = self._copies(self._doc(name), target)
        rollout = Rollout(
            self._aws, component, new, target["CopyCount"], target.get("DeploymentConfig")
        )
        try:
            if fault := self._aws.faults.take(KIND, name, "update-fails"):
                raise RuntimeError(fault)
            await rollout.advance()
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            await self._roll_back(name, rollout, str(error))
            return
        done = {key: target[key] for key in ("Specification", "Containers", "CopyCount")}
        await MACHINE.settle(self._aws, name, "InService", Target=None, **done)
        self._hosts.release_later(component.endpoint)

    async def _roll_back(self, name: str, rollout: Rollout, reason: str) -> None:
        try:
            await rollout.retreat()
        except Exception as error:  # noqa: BLE001  (any error is part of the FailureReason)
            reason = f"{reason} The rollback failed: {error}"
        count = len(self._live[name].present.instances)
        failed = {"Target": None, "FailureReason": reason[:1024], "CopyCount": count}
        await MACHINE.settle(self._aws, name, "InService", **failed)

    async def _scale(self, name: str) -> None:
        present, count = self._live[name].present, self._doc(name)["CopyCount"]
        before = len(present.instances)
        failed: Doc = {}
        try:
            await present.resize(count)
        except Exception as error:  # noqa: BLE001  (any error is the FailureReason)
            failed = {"FailureReason": str(error)[:1024], "CopyCount": before}
        await MACHINE.settle(self._aws, name, "InService", **failed)
        self._hosts.release_later(self._live[name].endpoint)

    async def _delete(self, name: str) -> None:
        doc = self._doc(name)
        if component := self._live.pop(name, None):
            await asyncio.gather(*(copies.stop(drain=True) for copies in component.versions()))
        self._fleet.flush_metrics()
        self._fleet.observations.recorder.forget_component(name)
        targets.forget_component(self._aws, name)
        self._aws.store.drop_tags(doc["InferenceComponentArn"])
        self._aws.store.delete(KIND, name)
        self._hosts.release_later(doc["EndpointName"])

    def _component(self, doc: Doc) -> Component:
        return Component(doc["InferenceComponentName"], doc["EndpointName"], self._copies(doc, doc))

    def _copies(self, doc: Doc, version: Doc) -> Copies:
        """Return the copies of a *version* of the component, none of them started."""
        endpoint, specification = doc["EndpointName"], version["Specification"]
        startup = specification.get("StartupParameters", {})
        name = doc["InferenceComponentName"]
        spec = startup | {
            "VariantName": doc["VariantName"],
            "DesiredWeight": 1.0,
            "Containers": version["Containers"],
            "Component": name,
            "LogGroup": f"{COMPONENT_LOG_GROUP}/{name}",
            "Requirements": specification[REQUIREMENTS],
        }
        if scheduling := specification.get("SchedulingConfig"):
            spec["PlacementStrategy"] = scheduling["PlacementStrategy"]
        deployment = self._fleet.live[endpoint].present
        return Copies(self._aws, endpoint, spec, deployment, self._hosts.placement(endpoint))

    def _doc(self, name: str) -> Doc:
        return MACHINE.get(self._aws, name)
