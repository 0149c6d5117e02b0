"""Give the reasons of the tasks that Airflow has skipped itself: they never ran, and have no log.

A task that skips itself, or tasks after it, says why. The tasks that follow say nothing in Airflow;
here each gets its reason in the scheduler's log, in its audit log, and in the note of the run.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prodml.run_notes import KEY

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)
EVENT = "skipped"
SCHEDULED_ENDS = ("success", "task_failure", "all_tasks_deadlocked")  # of runs that ran to an end
SKIPPED_BY = "skipmixin_key"  # the XCom of a task that has skipped others, such as a short circuit


@dataclass(frozen=True)
class Skips:
    """Hold what a run's skips are explained by.

    :param tasks: The tasks of the DAG by id; none if the DAG is not known.
    :param skipped: Ids of the tasks that are skipped.
    :param explained: Ids of the tasks that have left a sentence themselves.
    :param chosen: By task that has skipped others, what it says about them.
    :param message: How the run ended, in Airflow's words.
    """

    tasks: Mapping[str, Any]
    skipped: frozenset[str]
    explained: frozenset[str]
    chosen: Mapping[str, Mapping[str, list[str]]]
    message: str

    def reasons(self) -> dict[str, str]:
        """Return the reason of each task that was skipped without a word, by id."""
        silent = self.skipped - self.explained
        return {task_id: self._reason(task_id) for task_id in self._in_order(silent)}

    def _in_order(self, ids: frozenset[str]) -> list[str]:
        places = {task_id: place for place, task_id in enumerate(self.tasks)}
        return sorted(ids, key=lambda task_id: (places.get(task_id, 0), task_id))

    def _reason(self, task_id: str) -> str:
        if origin := self._origin(task_id, set()):
            return origin
        task = self.tasks.get(task_id)
        if task is None or self.message not in SCHEDULED_ENDS:
            return f"when the run ended ({self.message.rstrip('.')})"
        if parents := sorted(self._upstream(task_id) & self.skipped):
            return f"because {parents[0]} was"
        if task.is_mapped and task.trigger_rule == "all_success":
            return "because there was nothing to map over"
        return f"by its trigger rule {task.trigger_rule}"

    def _origin(self, task_id: str, seen: set[str]) -> str | None:
        """Return which task has skipped *task_id*, directly or by the tasks in between."""
        seen.add(task_id)
        for parent, chosen in self.chosen.items():
            if task_id in chosen.get("skipped", []):
                return f"by {parent}"
        for parent in sorted(self._upstream(task_id) - seen):
            followed = self.chosen.get(parent, {}).get("followed")
            if followed is not None and task_id not in followed:
                return f"by {parent}"
            if parent in self.skipped & self.explained:
                return f"because {parent} was"
            if parent in self.skipped and (origin := self._origin(parent, seen)):
                return origin
        return None

    def _upstream(self, task_id: str) -> frozenset[str]:
        task = self.tasks.get(task_id)
        return frozenset(task.upstream_task_ids) if task else frozenset()


def explain(session: Session, dag_run: DagRun, tasks: Mapping[str, Any], message: str) -> list[str]:
    """Write the reasons of *dag_run*'s silent skips into the logs; return them as sentences."""
    instances = _skipped(session, dag_run)
    if not instances:
        return []
    xcoms = list(_xcoms(session, dag_run))
    reasons = Skips(
        tasks,
        frozenset(ti.task_id for ti in instances),
        frozenset(task_id for task_id, key, _ in xcoms if key == KEY),
        {task_id: value for task_id, key, value in xcoms if key == SKIPPED_BY},
        message,
    ).reasons()
    for ti in instances:
        if reason := reasons.get(ti.task_id):
            _record(session, ti, f"Skipped {reason}.")
    return list(sentences(reasons))


def sentences(reasons: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each reason, with all tasks that it holds for."""
    for reason in dict.fromkeys(reasons.values()):
        ids = [task_id for task_id, other in reasons.items() if other == reason]
        yield f"Skipped {reason}: {', '.join(ids)}."


def _record(session: Session, ti: TaskInstance, sentence: str) -> None:
    from airflow.models.log import Log

    log.info("Task %s of run %s of %s: %s", ti.task_id, ti.run_id, ti.dag_id, sentence)
    session.add(Log(EVENT, task_instance=ti.key, owner="prodml", extra=sentence))


def _skipped(session: Session, dag_run: DagRun) -> list[TaskInstance]:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.state import TaskInstanceState
    from sqlalchemy import select

    asked = select(TaskInstance).where(
        TaskInstance.dag_id == dag_run.dag_id,
        TaskInstance.run_id == dag_run.run_id,
        TaskInstance.state == TaskInstanceState.SKIPPED,
    )
    return list(session.scalars(asked))


def _xcoms(session: Session, dag_run: DagRun) -> Iterator[tuple[str, str, Any]]:
    """Yield task, key and value of what says why tasks were skipped."""
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    asked = select(XComModel.task_id, XComModel.key, XComModel.value).where(
        XComModel.dag_run_id == dag_run.id, XComModel.key.in_([KEY, SKIPPED_BY])
    )
    for row in session.execute(asked):
        yield row.task_id, row.key, row.value
