"""Answer Airflow's Required Actions while a DAG runs, or let them time out."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

NO_ANSWER = "no answer"


@contextlib.contextmanager
def answering(choice: str) -> Iterator[None]:
    """Answer all required actions with *choice*, until the with block ends."""
    serve_required_actions()
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
    client = api_client()
    root = "/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/{map_index}"

    def press() -> None:
        waiting = client.get(
            "/api/v2/dags/~/dagRuns/~/hitlDetails", params={"response_received": False}
        )
        for detail in waiting.json()["hitl_details"]:
            address = f"{root.format_map(detail['task_instance'])}/hitlDetails"
            client.patch(address, json={"chosen_options": [choice], "params_input": {}})

    return press


@functools.cache
def api_client() -> Any:
    """Return a client of Airflow's API server, which is created once in a process."""
    from airflow.api_fastapi.app import create_app
    from fastapi.testclient import TestClient

    return TestClient(create_app(apps="core"))


def serve_required_actions() -> None:
    """Let triggers read and write required actions under `dag.test()`, as in a triggerer."""
    from airflow.sdk.execution_time.comms import GetHITLDetailResponse, UpdateHITLDetail
    from airflow.sdk.execution_time.supervisor import InProcessTestSupervisor

    others = InProcessTestSupervisor._handle_request

    def handle(supervisor: Any, msg: Any, log: Any, request_id: int) -> None:
        hitl = supervisor.client.hitl
        if isinstance(msg, GetHITLDetailResponse):
            supervisor.send_msg(hitl.get_detail_response(msg.ti_id), request_id=request_id)
        elif isinstance(msg, UpdateHITLDetail):
            stored = hitl.update_response(
                ti_id=msg.ti_id, chosen_options=msg.chosen_options, params_input=msg.params_input
            )
            supervisor.send_msg(stored, request_id=request_id)
        else:
            others(supervisor, msg, log, request_id)

    InProcessTestSupervisor._handle_request = handle  # type: ignore[method-assign, assignment]
