"""What Airflow says about a task, asked through its execution API."""

from __future__ import annotations

from prodml.naming import Identity


def state_of(task: Identity) -> str | None:
    """The task's state, empty if it was cleared or never scheduled; None if it was deleted.

    Works in a task, and in a trigger outside the event loop. Raises where nobody can be asked.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    states = RuntimeTaskInstance.get_task_states(
        dag_id=task.dag, map_index=task.map_index, task_ids=[task.task], run_ids=[task.run]
    )
    key = task.task if task.map_index < 0 else f"{task.task}_{task.map_index}"
    found = states.get(task.run, {})
    if key not in found:
        return None
    return str(getattr(found[key], "value", found[key]) or "")
