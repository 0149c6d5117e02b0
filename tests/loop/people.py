"""Answer Airflow's Required Actions while a DAG runs, or let them time out."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

NO_ANSWER = "no answer"


@contextlib.contextmanager
def answering(choice: str) -> Iterator[None]:
    """Answer all required actions with *choice*, until the with block ends."""
    if choice == NO_ANSWER:  # the task's own trigger ends the wait
        yield
        return
    done, act = threading.Event(), _press(choice)
    thread = threading.Thread(target=_until, args=(done, act), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _until(done: threading.Event, act: Callable[[], None]) -> None:
    while not done.is_set():
        act()
        time.sleep(0.5)


def _press(choice: str) -> Callable[[], None]:
    """Return a function that answers as the UI does, by the REST API."""
    from airflow.api_fastapi.app import create_app
    from fastapi.testclient import TestClient

    client: Any = TestClient(create_app())
    root = "/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}"

    def press() -> None:
        waiting = client.get(
            "/api/v2/dags/~/dagRuns/~/hitlDetails", params={"response_received": False}
        )
        for detail in waiting.json()["hitl_details"]:
            address = f"{root.format_map(detail['task_instance'])}/hitlDetails"
            client.patch(address, json={"chosen_options": [choice], "params_input": {}})

    return press
