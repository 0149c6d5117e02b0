"""Every endpoint that serves, and the work behind creating, updating, scaling and deleting one.

The store says what an endpoint should be; a deployment is what runs. A new deployment comes up
whole before it takes traffic, and the old one drains after: no request meets a gap.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from include.local_aws.serving import states
from include.local_aws.serving.capture import Capture
from include.local_aws.serving.deployments import Deployment
from include.local_aws.serving.gateway import Gateway
from include.local_aws.serving.invocations import Recorder
from include.local_aws.store import Doc

if TYPE_CHECKING:
    from include.local_aws.context import Aws

log = logging.getLogger(__name__)
UNHEALTHY = (
    "The primary container for production variant {variant} did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint. {reason}"
)
RETRY_SECONDS = 5.0


class Fleet:
    """The running side of endpoints."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._tasks: set[asyncio.Task[None]] = set()
        self.live: dict[str, Deployment] = {}
        self.recorder = Recorder(aws)
        self.capture = Capture(aws)
        self.gateway = Gateway(aws, self)

    async def start(self) -> None:
        """Take every endpoint up where it was left, and begin to write captures."""
        shutil.rmtree(self._aws.options.data_dir / "endpoints", ignore_errors=True)
        self.capture.load()
        self._begin(self.capture.run())
        for doc in self._aws.store.list(states.KIND):
            self._resume(doc)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        stopping = (deployment.stop(drain=False) for deployment in self.live.values())
        await asyncio.gather(*stopping)
        self.capture.save()
        self.flush_metrics()

    def flush_metrics(self) -> None:
        places = ((name, v) for name, live in self.live.items() for v in live.variants)
        self.recorder.flush(places)

    def running(self, name: str) -> dict[str, int]:
        """How many instances of each variant can answer now."""
        live = self.live.get(name)
        return {v.name: len(v.ready()) for v in live.variants.values()} if live else {}

    def create(self, name: str) -> None:
        self._begin(self._create(name))

    def update(self, name: str) -> None:
        self._begin(self._update(name))

    def resize(self, name: str) -> asyncio.Task[None]:
        return self._begin(self._resize(name))

    def delete(self, name: str) -> None:
        self._begin(self._delete(name))

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("An endpoint's task failed", exc_info=error)

    def _resume(self, doc: Doc) -> None:
        name, status = doc["EndpointName"], doc["EndpointStatus"]
        if status == "Creating":
            self.create(name)
        elif status in ("InService", "Updating", "RollingBack"):
            self._begin(self._come_back(name, status))
        elif status == "Deleting":
            self.delete(name)

    async def _create(self, name: str) -> None:
        doc = self._doc(name)
        deployment = Deployment(self._aws, name, doc["Deployment"])
        try:
            await deployment.start()
        except Exception as error:  # noqa: BLE001  (whatever kept it down is the reason)
            states.move(self._aws, name, "Failed", FailureReason=_reason(deployment, error))
            return
        self.live[name] = deployment
        states.move(self._aws, name, "InService")

    async def _come_back(self, name: str, status: str) -> None:
        """After a restart: serve what was served, then go on with what was under way."""
        deployment = Deployment(self._aws, name, self._doc(name)["Deployment"])
        self.live[name] = deployment
        while not await self._is_back(name, deployment):
            await asyncio.sleep(RETRY_SECONDS)
        if self.live.get(name) is not deployment:
            # It was replaced or deleted while it came up.
            await deployment.stop()
            return
        if status == "Updating" and "Target" in self._doc(name):
            await self._update(name)
        elif status == "Updating":
            await self._resize(name)
        elif status == "RollingBack":
            states.move(self._aws, name, "InService")

    async def _is_back(self, name: str, deployment: Deployment) -> bool:
        if self.live.get(name) is not deployment:
            return True
        try:
            await deployment.start()
        except Exception as error:  # noqa: BLE001  (it served before: try on)
            log.warning("Endpoint %s is not back yet: %s", name, error)
            return False
        return True

    async def _update(self, name: str) -> None:
        """Blue/green, all at once: the new fleet is healthy before the old one gets no more."""
        old = self.live[name]
        target = self._doc(name)["Target"]
        new = Deployment(self._aws, name, target)
        try:
            await new.start()
        except Exception as error:  # noqa: BLE001  (whatever kept it down is the reason)
            reason = _reason(new, error)
            states.move(self._aws, name, "RollingBack", FailureReason=reason)
            states.move(self._aws, name, "InService", Target=None)
            return
        self.live[name] = new
        config = target["EndpointConfigName"]
        states.move(
            self._aws, name, "InService", Deployment=target, EndpointConfigName=config, Target=None
        )
        self._begin(old.stop())

    async def _resize(self, name: str) -> None:
        """Bring weights and instance counts to what the document asks for."""
        live, doc = self.live[name], self._doc(name)
        wanted = {spec["VariantName"]: spec for spec in doc["Deployment"]["Variants"]}
        before = {v.name: len(v.instances) for v in live.variants.values()}
        try:
            changes = [
                variant.resize(wanted[variant.name]["DesiredInstanceCount"])
                for variant in live.variants.values()
            ]
            await asyncio.gather(*changes)
        except Exception as error:  # noqa: BLE001  (whatever kept it down is the reason)
            for spec in doc["Deployment"]["Variants"]:
                spec["DesiredInstanceCount"] = before[spec["VariantName"]]
            reason = _reason(live, error)
            states.move(self._aws, name, "RollingBack", FailureReason=reason)
        for variant in live.variants.values():
            variant.weight = wanted[variant.name]["DesiredWeight"]
        states.move(self._aws, name, "InService", Deployment=doc["Deployment"])

    async def _delete(self, name: str) -> None:
        if deployment := self.live.pop(name, None):
            await deployment.stop()
        await self.capture.flush(name)
        self.flush_metrics()
        self.recorder.forget(name)
        self._aws.store.remove_tags(self._doc(name)["EndpointArn"], self._tag_keys(name))
        self._aws.store.delete(states.KIND, name)

    def _tag_keys(self, name: str) -> list[str]:
        return [tag["Key"] for tag in self._aws.store.tags(self._doc(name)["EndpointArn"])]

    def _doc(self, name: str) -> Doc:
        doc = self._aws.store.get(states.KIND, name)
        if doc is None:
            raise states.ImpossibleMoveError(f"Endpoint {name} is gone while it is worked on.")
        return doc


def _reason(deployment: Deployment, error: Exception) -> str:
    variant = next(iter(deployment.variants))
    return UNHEALTHY.format(variant=variant, reason=error)[:1024]
