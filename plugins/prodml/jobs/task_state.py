"""Read the state of a task through Airflow's execution API."""

from __future__ import annotations

from prodml.naming import Identity


def state_of(task: Identity) -> str | None:
    """Return the task's state; empty if it was cleared or not scheduled, None if it was deleted.

    Works in a task, and in a trigger outside the event loop; raises elsewhere.
    """
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    states = RuntimeTaskInstance.get_task_states(
        dag_id=task.dag, map_index=task.map_index, task_ids=[task.task], run_ids=[task.run]
    )
    key = task.task if task.map_index < 0 else f"{task.task}_{task.map_index}"
    tasks = states.get(task.run, {})
    if key not in tasks:
        return None
    return str(getattr(tasks[key], "value", tasks[key]) or "")
