"""Define the events about an endpoint: a rollback, drift of its traffic, its deletion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prodml.notifications.events import Event, named


@dataclass(frozen=True, kw_only=True)
class RolledBack(Event):
    """A deployment was rolled back, by SageMaker or because a check failed."""

    name = "rolled-back"
    endpoint: str
    reason: str

    @property
    def title(self) -> str:
        return f"The deployment to endpoint {self.endpoint} was rolled back"

    def facts(self) -> Iterator[str]:
        yield self.reason


@dataclass(frozen=True, kw_only=True)
class DriftAlert(Event):
    """A window of traffic or a file has drifted; *action* is what the check has started."""

    name = "drift-alert"
    subject: str
    columns: Sequence[str]
    action: str
    reason: str

    @property
    def title(self) -> str:
        return f"Drift of {self.subject}: {self.action.replace('_', ' ')}"

    def facts(self) -> Iterator[str]:
        if self.columns:
            yield f"Columns and metrics: {named(self.columns)}."
        yield self.reason


@dataclass(frozen=True, kw_only=True)
class AuditRequested(DriftAlert):
    """A drift that no retrain can answer, so that people have to audit the columns."""

    name = "audit-requested"
    action: str = "audit requested"


@dataclass(frozen=True, kw_only=True)
class EndpointExpires(Event):
    """An endpoint will be deleted soon."""

    name = "endpoint-expires"
    endpoint: str
    until: str

    @property
    def title(self) -> str:
        return f"Endpoint {self.endpoint} will be deleted at {self.until}"
