"""The boxes of a DAG's graph and grid: task groups that a person opens."""

from __future__ import annotations

from airflow.sdk import TaskGroup


def group(name: str, title: str, about: str) -> TaskGroup:
    """Return a group that leaves the ids of its tasks as they are.

    A task's id is part of the names and tags of its jobs, of links and of logs: a job's name has 63
    characters, a tuning job's 32, and a task that moves to another group keeps what it has started.
    """
    return TaskGroup(name, prefix_group_id=False, group_display_name=title, tooltip=about)
