"""Define how a pipeline serves its model: on instances, serverless or as an inference component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prodml.autoscaling.policies import Policy
from prodml.autoscaling.scaling import Schedule
from prodml.endpoints import component, serverless
from prodml.endpoints.component import Component, Hosts
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.endpoints.serverless import Serverless

from include.pipelines.definition.resources import Instances, Resources
from include.settings import settings

INSTANCES, SERVERLESS, COMPONENT = "instances", "serverless", "an inference component"


@dataclass(frozen=True)
class Fleet:
    """
    The endpoint whose instances the components of several pipelines share.

    :param endpoint: Its name.
    :param hosts: Its instances; the first deployment creates them.
    """

    endpoint: str
    hosts: Hosts = field(default_factory=Hosts)


class Imaged(Protocol):
    """A candidate, and its image if that is an own one."""

    @property
    def name(self) -> str: ...
    @property
    def image(self) -> str | None: ...


class Served:
    """The serving kind of a pipeline, from the fields that the pipeline states."""

    name: str
    candidates: tuple[Imaged, ...]
    rollout: Rollout
    scaling: Sequence[Policy | Schedule]
    resources: Resources
    serverless: Serverless | None
    component: Component | None
    fleet: Fleet | None

    @property
    def group(self) -> str:
        """Return the name with hyphens, as SageMaker allows no underscores.

        It is that of the experiment, of the model package group, and of the endpoint or component.
        """
        return self.name.replace("_", "-")

    @property
    def endpoint(self) -> str:
        """Return the endpoint's name; several pipelines may share one for inference components."""
        return self.fleet.endpoint if self.fleet else self.group

    @property
    def hosts(self) -> Hosts:
        """Return the instances of the endpoint that holds its inference component."""
        return self.fleet.hosts if self.fleet else Hosts()

    @property
    def component_name(self) -> str | None:
        """Return the inference component's name; None for another serving kind."""
        return self.group if self.component else None

    @property
    def kind(self) -> str:
        """Return the serving kind in words."""
        if self.serverless:
            return SERVERLESS
        return COMPONENT if self.component else INSTANCES

    @property
    def is_packed(self) -> bool:
        """Return whether its models are one container, as its serving kind takes no more."""
        return self.kind != INSTANCES

    @property
    def strategies(self) -> list[str]:
        """Return the rollouts that its serving kind has."""
        allowed = {SERVERLESS: serverless.STRATEGIES, COMPONENT: component.STRATEGIES}
        return [str(strategy) for strategy in allowed.get(self.kind, tuple(Strategy))]

    @property
    def capture(self) -> str | None:
        """Return the S3 prefix for captured traffic; None where AWS captures none."""
        return None if self.is_packed else self.uri("capture")

    def uri(self, *parts: str) -> str:
        return settings().uri(self.name, *parts)

    def contradiction(self) -> str | None:
        """Return what its serving kind cannot have, as the end of an error; None if all is well."""
        if self.serverless and self.component:
            return "it is both serverless and an inference component; remove either"
        if self.fleet and not self.component:
            return (
                "it has a fleet and no component; set component=Component(...), or remove the fleet"
            )
        return self._excess(f"it is {self.kind}") if self.is_packed else None

    def _excess(self, which: str) -> str | None:
        if self.rollout.strategy not in self.strategies:
            allowed = ", ".join(self.strategies)
            return f"{which}, and its rollout is {self.rollout.strategy}; use one of {allowed}"
        if self.resources.endpoint != Instances():
            return f"{which} and has resources for its endpoint; remove either"
        if self.scaling:
            of = "most_copies of Component" if self.component else "most_provisioned of Serverless"
            return f"{which} and has scaling of instances; remove it, or set {of}"
        if own := [candidate.name for candidate in self.candidates if candidate.image]:
            return (
                f"{which}, which takes one container, and candidate {own[0]!r} has an image of its "
                "own, which cannot run the preprocessing; serve on instances"
            )
        return None
