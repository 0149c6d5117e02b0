"""Call the parts of Airflow's public REST API that the demo needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
from prodml.vocabulary import Json

from include.demo.environment import AIRFLOW_URL, PASSWORD, USER

FINISHED = frozenset({"success", "failed"})


class AlreadyThereError(RuntimeError):
    """Raised when what should be made exists."""


class AirflowApi:
    """A signed-in client; every call is what the UI would send."""

    def __init__(self, url: str = AIRFLOW_URL) -> None:
        self._http = httpx.Client(base_url=url, timeout=60)
        token = self._http.post("/auth/token", json={"username": USER, "password": PASSWORD})
        token.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {token.json()['access_token']}"

    def import_errors(self) -> list[Json]:
        return list(self._get("/importErrors")["import_errors"])

    def wait_for_dags(self, dag_ids: list[str], timeout: float = 120) -> None:
        """Wait until all *dag_ids* can be triggered; raise with the dag-processor's import errors.

        A DAG is listed seconds before its serialized form, which a run needs, is stored.
        """
        deadline = time.monotonic() + timeout
        while missing := [dag_id for dag_id in dag_ids if not self._is_parsed(dag_id)]:
            errors = [f"{e['filename']}: {e['stack_trace']}" for e in self.import_errors()]
            if errors or time.monotonic() > deadline:
                reason = "\n".join(errors) or "the dag-processor has not parsed them"
                raise RuntimeError(f"DAGs {sorted(missing)} did not load: {reason}")
            time.sleep(0.5)

    def _is_parsed(self, dag_id: str) -> bool:
        response = self._http.get(f"/api/v2/dags/{dag_id}/details")
        return response.status_code != httpx.codes.NOT_FOUND and bool(_checked(response))

    def unpause(self, dag_id: str) -> None:
        self._send("PATCH", f"/dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str, conf: Json) -> str:
        """Press Trigger; return the run's id. A value that the form refuses raises."""
        run_id = f"manual__{datetime.now(UTC).isoformat()}"
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        self._send("POST", f"/dags/{dag_id}/dagRuns", body)
        return run_id

    def run(self, dag_id: str, run_id: str) -> Json:
        return self._get(f"/dags/{dag_id}/dagRuns/{run_id}")

    def runs(self, dag_id: str) -> list[Json]:
        newest_first = {"order_by": "-id", "limit": 20}
        return list(self._get(f"/dags/{dag_id}/dagRuns", newest_first)["dag_runs"])

    def tasks(self, dag_id: str, run_id: str) -> list[Json]:
        """Return all task instances of a run; Airflow returns at most a hundred at a time."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        instances: list[Json] = []
        while page := self._get(path, {"limit": 100, "offset": len(instances)})["task_instances"]:
            instances += page
            if len(page) < 100:
                break
        return instances

    def watch(
        self, dag_id: str, run_id: str, every: float = 0.7
    ) -> Iterator[tuple[Json, list[Json]]]:
        """Yield the run and its task instances until it has finished."""
        while True:
            run = self.run(dag_id, run_id)
            yield run, self.tasks(dag_id, run_id)
            if run["state"] in FINISHED:
                return
            time.sleep(every)

    def result(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> Any:
        """The value that a task returned, or None when it returned nothing (skipped, say)."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        response = self._http.get(f"/api/v2{path}", params={"map_index": map_index})
        return None if response.status_code == 404 else _checked(response).json()["value"]

    def log_tail(self, dag_id: str, run_id: str, task: Json, lines: int = 12) -> list[str]:
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task['task_id']}/logs"
        params = {"map_index": task["map_index"]}
        entries = self._get(f"{path}/{max(task['try_number'], 1)}", params)["content"]
        return [_line(entry) for entry in entries][-lines:]

    def _get(self, path: str, params: Json | None = None) -> Json:
        return dict(_checked(self._http.get(f"/api/v2{path}", params=params)).json())

    def _send(self, method: str, path: str, body: Json) -> Json:
        return dict(_checked(self._http.request(method, f"/api/v2{path}", json=body)).json())


def _line(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    errors = [f"{e.get('exc_type')}: {e.get('exc_value')}" for e in entry.get("error_detail") or []]
    return " ".join([str(entry.get("event", "")), *errors])


def _checked(response: httpx.Response) -> httpx.Response:
    if response.is_error:
        request = response.request
        taken = response.status_code == httpx.codes.CONFLICT
        raise (AlreadyThereError if taken else RuntimeError)(
            f"{request.method} {request.url} -> {response.status_code}: {response.text[:800]}"
        )
    return response
