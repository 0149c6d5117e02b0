"""The parts of a DAG that the tests of the DAG files compare."""

from __future__ import annotations

from typing import Any


def wires(dag: Any) -> dict[str, set[str]]:
    """Return the tasks that follow each task directly."""
    return {task.task_id: set(task.downstream_task_ids) for task in dag.tasks}


def boxes(dag: Any) -> dict[str, set[str]]:
    """Return the tasks of each task group."""
    groups: dict[str, set[str]] = {}
    for task in dag.tasks:
        groups.setdefault(task.task_group.group_id or "", set()).add(task.task_id)
    return groups


def rules(dag: Any) -> dict[str, str]:
    """Return the trigger rules other than the default one, by task."""
    rules_ = {task.task_id: str(task.trigger_rule.value) for task in dag.tasks}
    return {task: rule for task, rule in rules_.items() if rule != "all_success"}


def defaults(dag: Any, *names: str) -> tuple[Any, ...]:
    """Return what the Trigger form holds in the fields *names* before anything is typed."""
    return tuple(dag.params[name] for name in names)


def interval(dag: Any) -> str:
    """Return the cron expression of a DAG whose scheduled runs have an interval to read.

    A cron string alone would give every run an interval of length zero.
    """
    timetable = getattr(dag.timetable, "timetable", dag.timetable)
    assert type(timetable).__name__ == "CronDataIntervalTimetable"
    return str(timetable.expression)
