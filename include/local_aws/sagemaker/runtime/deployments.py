"""Deployments: the running variants of one configuration, and their instances."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

from ...containers.model_data import ModelDataFailed
from ...containers.model_servers import ONLY, ContainerFailed, container_names
from .capture import CapturePlan
from .connections import Invocation, Response
from .instances import Host, Instance
from .placement import NoRoomError
from .serverless import IDLE_SECONDS, OnDemand

if TYPE_CHECKING:
    from ...core.account import Aws


UNHEALTHY = (
    "The {container} for {owner} did not pass the ping health check. "
    "Please check CloudWatch logs for this {scope}. {error}"
)


Counts = dict[str, int]  # instances of each variant


class UnhealthyVariantError(RuntimeError):
    """A variant's instances fail to start; the message is the endpoint's FailureReason."""

    def __init__(self, variant: str, error: BaseException, component: str = "") -> None:
        super().__init__(_reason(variant, error, component)[:1024])


def _reason(variant: str, error: BaseException, component: str) -> str:
    if isinstance(error, ModelDataFailed | NoRoomError):
        return str(error)  # no container was started
    name = error.container if isinstance(error, ContainerFailed) else ONLY
    container = "primary container" if name == ONLY else name
    owner, scope = f"production variant {variant}", "endpoint"
    if component:
        owner, scope = f"inference component {component}", "inference component"
    return UNHEALTHY.format(container=container, owner=owner, scope=scope, error=error)


class Variant:
    """One model on some instances, with its share of the traffic."""

    def __init__(
        self, aws: Aws, endpoint: str, spec: dict[str, Any], deployment: Deployment
    ) -> None:
        self._aws = aws
        self._endpoint = endpoint
        self.spec = spec
        self.deployment = deployment
        self.name: str = spec["VariantName"]
        self.component: str = spec.get("Component", "")  # whose copies the instances are
        self.weight: float = spec["DesiredWeight"]
        self.is_direct = bool(spec.get("Direct"))
        self.is_multi_model = any(c.get("Mode") == "MultiModel" for c in spec.get("Containers", ()))
        self.setup_metric = _setup_metric(spec, self.is_multi_model)
        self.instances: list[Instance] = []
        self._on_demand = self._if_serverless()
        self._changing = asyncio.Lock()

    def _if_serverless(self) -> OnDemand | None:
        config = self.spec.get("ServerlessConfig")
        if config is None:
            return None
        idle = self._aws.clock.real(IDLE_SECONDS)
        return OnDemand(config, self.instances, self._new_instance, idle)

    def _new_instance(self) -> Instance:
        kind = Instance if self.spec["Containers"] else Host
        return kind(self._aws, self._endpoint, self.spec)

    def container_names(self) -> list[str]:
        return container_names(self.spec["Containers"])

    def ready(self) -> list[Instance]:
        return [instance for instance in self.instances if instance.containers is not None]

    def take(self) -> Instance | None:
        """Reserve and return the least loaded instance; None while all are starting."""
        ready = self.ready()
        return min(ready, key=lambda instance: instance.load).take() if ready else None

    async def ask(self, invocation: Invocation) -> Response | None:
        """Return the response of one instance; None if it has ended: then try another one."""
        if self._on_demand is not None:
            return await self._on_demand.ask(invocation)
        instance = self.take()
        if instance is None:
            return None
        try:
            return await instance.post(invocation)
        except OSError:
            return None  # the process has ended
        finally:
            instance.outstanding -= 1

    async def resize(self, count: int) -> None:
        """Scale to *count* instances: new ones join once healthy, surplus ones drain."""
        async with self._changing:
            missing = count - len(self.instances)
            if missing > 0:
                await self._grow(missing)
        if self._on_demand is not None:
            self._on_demand.watch(*self.instances)  # which stops idle ones
            return
        surplus = self.instances[count:]
        del self.instances[count:]
        await asyncio.gather(*(instance.drain() for instance in surplus))

    def configure(self, spec: dict[str, Any]) -> None:
        """Set the weight and, of a serverless variant, the concurrency."""
        self.weight = spec["DesiredWeight"]
        if self._on_demand is not None:
            self.spec = self.spec | {"ServerlessConfig": spec["ServerlessConfig"]}
            self._on_demand.configure(spec["ServerlessConfig"])

    def utilization(self) -> float | None:
        """Return the use of the provisioned concurrency, if the variant has one."""
        return self._on_demand.utilization() if self._on_demand is not None else None

    async def _grow(self, missing: int) -> None:
        fresh = [self._new_instance() for _ in range(missing)]
        try:
            outcomes = await asyncio.gather(*(i.start() for i in fresh), return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise UnhealthyVariantError(self.name, outcome, self.component) from outcome
        except BaseException:
            await asyncio.gather(*(instance.stop() for instance in fresh))
            raise
        self.instances.extend(fresh)
        if self._on_demand is not None:
            self._on_demand.watch(*fresh)

    async def stop(self, drain: bool) -> None:
        if self._on_demand is not None:
            await self._on_demand.stop()
        async with self._changing:  # instances that are starting are stopped too
            going = self.instances[:]
            self.instances.clear()
        await asyncio.gather(*(i.drain() if drain else i.stop() for i in going))


def _setup_metric(spec: dict[str, Any], is_multi_model: bool) -> str:
    """Return the metric of the time that a request waits for its instance or model."""
    if is_multi_model:
        return "ModelLoadingWaitTime"
    return "ModelSetupTime" if "ServerlessConfig" in spec else ""


class Deployment:
    """All variants of one configuration; its shadows get copies of requests."""

    def __init__(self, aws: Aws, endpoint: str, doc: dict[str, Any]) -> None:
        self.config: str = doc["EndpointConfigName"]
        self.role = _role_of(doc["Variants"])
        self.capture = CapturePlan.of(doc.get("DataCapture"), self.role)
        self.asynchronous: dict[str, Any] | None = doc.get("Async")
        self.variants = self._made(aws, endpoint, doc["Variants"])
        self.hosts_components = any(not spec.get("Containers") for spec in doc["Variants"])
        self.shadows = self._made(aws, endpoint, doc.get("ShadowVariants", []))
        self.all = self.variants | self.shadows

    def _made(self, aws: Aws, endpoint: str, specs: list[dict[str, Any]]) -> dict[str, Variant]:
        return {spec["VariantName"]: Variant(aws, endpoint, spec, self) for spec in specs}

    async def start(self) -> None:
        """Start every instance; if one fails, stop all and raise with the reason."""
        await self.resize(wanted(self.all))

    async def resize(self, counts: Counts) -> None:
        """Scale each variant; raise, once all have finished, if some failed."""
        changes = (self.all[name].resize(count) for name, count in counts.items())
        outcomes = await asyncio.gather(*changes, return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            raise failures[0]

    async def stop(self, *, drain: bool = True) -> None:
        await asyncio.gather(*(variant.stop(drain) for variant in self.all.values()))

    def counts(self) -> Counts:
        return {name: len(variant.instances) for name, variant in self.all.items()}

    def running(self) -> Counts:
        """Return the number of healthy instances of each variant."""
        return {name: len(variant.ready()) for name, variant in self.all.items()}

    def next(self) -> Variant:
        """Return a production variant, chosen by weight."""
        variants = list(self.variants.values())
        if len(variants) == 1:
            return variants[0]
        weights = [variant.weight for variant in variants]
        return random.choices(variants, weights if any(weights) else None)[0]

    def mirrors(self, variant: Variant) -> list[Variant]:
        """Return the shadows that get a copy of a request to *variant*, by their weights."""
        return [
            shadow
            for shadow in self.shadows.values()
            if random.random() * variant.weight < shadow.weight
        ]


def wanted(variants: dict[str, Variant]) -> Counts:
    return {name: variant.spec["DesiredInstanceCount"] for name, variant in variants.items()}


def _role_of(variants: list[dict[str, Any]]) -> str:
    """Return the execution role of the first model."""
    containers = [entry for variant in variants for entry in variant.get("Containers", ())]
    return str(containers[0].get("ExecutionRoleArn", "")) if containers else ""
