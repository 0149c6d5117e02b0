"""Define the events about a version: its approval, the comparison, the deployment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prodml.notifications.events import Event


@dataclass(frozen=True, kw_only=True)
class _VersionEvent(Event):
    """Base of the events about a version of a model package group."""

    model_package_arn: str

    @property
    def version(self) -> str:
        """Return the version as `churn version 7`."""
        return version_name(self.model_package_arn)


@dataclass(frozen=True, kw_only=True)
class ApprovalWaiting(_VersionEvent):
    """A version waits for Approve or Reject; *card* has its scorecards."""

    name = "approval-waiting"
    page = "required_actions"
    card: str

    @property
    def title(self) -> str:
        return f"{self.version} waits for approval"

    def facts(self) -> Iterator[str]:
        yield self.card


@dataclass(frozen=True, kw_only=True)
class Approved(_VersionEvent):
    """A version was approved; *where* is Airflow, the model registry or a form."""

    name = "approved"
    where: str

    @property
    def title(self) -> str:
        return f"{self.version} was approved {self.where}"


@dataclass(frozen=True, kw_only=True)
class Rejected(_VersionEvent):
    """A version was rejected, by a person, by the comparison, or because no one answered."""

    name = "rejected"
    reason: str

    @property
    def title(self) -> str:
        return f"{self.version} was rejected"

    def facts(self) -> Iterator[str]:
        yield self.reason


@dataclass(frozen=True, kw_only=True)
class Undecided(_VersionEvent):
    """A comparison could not decide, so that production stays; *outcome* is its verdict."""

    name = "undecided"
    outcome: str
    reason: str

    @property
    def title(self) -> str:
        return f"{self.version} was not deployed: {self.outcome}"

    def facts(self) -> Iterator[str]:
        yield self.reason


@dataclass(frozen=True, kw_only=True)
class ModelDeployed(_VersionEvent):
    """An endpoint serves another version; in a test, next to the one that it served."""

    name = "deployed"
    endpoint: str
    component: str | None = None
    contest: bool = False

    @property
    def title(self) -> str:
        if self.component:
            what = f"Inference component {self.component} on endpoint {self.endpoint}"
            return f"{what} serves {self.version}"
        if self.contest:
            return f"Endpoint {self.endpoint} tests {self.version}"
        return f"Endpoint {self.endpoint} serves {self.version}"


def version_name(arn: str) -> str:
    """Return `churn version 7` for the ARN of a version."""
    group, _, version = arn.partition("model-package/")[2].partition("/")
    return f"{group} version {version}" if version else arn.rpartition("/")[2]
