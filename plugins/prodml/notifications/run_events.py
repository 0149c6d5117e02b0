"""Define the events about runs, their jobs and their DAG files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prodml.notifications.events import NAMED, Event, named


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
        yield f"Stopped: {named(self.jobs)}."


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
