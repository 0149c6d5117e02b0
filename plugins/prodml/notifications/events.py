"""Define the events that people are notified of, each once: a name, a title, and facts.

An event holds names, numbers and reasons. It holds no row of data, no credentials, and no name of a
person: the note of the run says who has approved a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

NAMED = 10  # columns or jobs that a message names


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; *name* is also the anchor of the event's runbook."""

    name: ClassVar[str]
    page: ClassVar[str] = ""  # the tab of the task's page in Airflow that the message links

    @property
    def title(self) -> str:
        """Return the event in a line."""
        raise NotImplementedError

    def facts(self) -> Iterator[str]:
        """Yield further sentences."""
        yield from ()


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
    contest: bool = False

    @property
    def title(self) -> str:
        if self.contest:
            return f"Endpoint {self.endpoint} tests {self.version}"
        return f"Endpoint {self.endpoint} serves {self.version}"


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
            yield f"Columns and metrics: {_named(self.columns)}."
        yield self.reason


@dataclass(frozen=True, kw_only=True)
class AuditRequested(DriftAlert):
    """A drift that no retrain can answer, so that people have to audit the columns."""

    name = "audit-requested"
    action: str = "audit requested"


@dataclass(frozen=True, kw_only=True)
class BudgetRefused(Event):
    """A run was refused before its first job, since it may cost more than its form allows."""

    name = "budget-refused"
    reason: str

    @property
    def title(self) -> str:
        return "A run was refused by its budget"

    def facts(self) -> Iterator[str]:
        yield self.reason


@dataclass(frozen=True, kw_only=True)
class OrphansStopped(Event):
    """Jobs were stopped because their task has ended."""

    name = "orphan-stopped"
    jobs: Sequence[str]

    @property
    def title(self) -> str:
        count = len(self.jobs)
        return f"{count} orphaned job{'s were' if count > 1 else ' was'} stopped"

    def facts(self) -> Iterator[str]:
        yield f"Stopped: {_named(self.jobs)}."


@dataclass(frozen=True, kw_only=True)
class TrainingProblem(Event):
    """Rules found problems in a training job; the task's report shows them."""

    name = "training-problem"
    job: str
    findings: Sequence[str]

    @property
    def title(self) -> str:
        return f"Rules found a problem in training job {self.job}"

    def facts(self) -> Iterator[str]:
        yield from self.findings[:NAMED]


@dataclass(frozen=True, kw_only=True)
class EndpointExpires(Event):
    """An endpoint will be deleted soon."""

    name = "endpoint-expires"
    endpoint: str
    until: str

    @property
    def title(self) -> str:
        return f"Endpoint {self.endpoint} will be deleted at {self.until}"


@dataclass(frozen=True, kw_only=True)
class RunFailed(Event):
    """A DAG run failed; *reason* is Airflow's word for it."""

    name = "run-failed"
    dag_id: str
    reason: str

    @property
    def title(self) -> str:
        return f"A run of {self.dag_id} failed"

    def facts(self) -> Iterator[str]:
        yield f"Airflow's reason: {self.reason}."


@dataclass(frozen=True, kw_only=True)
class RunLate(Event):
    """A scheduled run has not ended when it was due."""

    name = "run-late"
    dag_id: str
    due: str

    @property
    def title(self) -> str:
        return f"The scheduled run of {self.dag_id} has not ended in time"

    def facts(self) -> Iterator[str]:
        yield f"It was due at {self.due}."


@dataclass(frozen=True, kw_only=True)
class DagBroken(Event):
    """A DAG file cannot be imported, so that its scheduled runs do not happen."""

    name = "dag-broken"
    file: str

    @property
    def title(self) -> str:
        return f"DAG file {self.file} cannot be imported"

    def facts(self) -> Iterator[str]:
        yield "Airflow starts no run of its DAGs until it can."


EVENTS: tuple[type[Event], ...] = (
    *(ApprovalWaiting, Approved, Rejected, Undecided, ModelDeployed, RolledBack, DriftAlert),
    *(AuditRequested, BudgetRefused, OrphansStopped, TrainingProblem, EndpointExpires, RunFailed),
    *(RunLate, DagBroken),
)


def version_name(arn: str) -> str:
    """Return `churn version 7` for the ARN of a version."""
    group, _, version = arn.partition("model-package/")[2].partition("/")
    return f"{group} version {version}" if version else arn.rpartition("/")[2]


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
