"""The actions of users on a run, by Airflow's API."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from prodml.vocabulary import Json

from include.demo.airflow_api import AirflowApi, AlreadyThereError


@dataclass(frozen=True)
class Run:
    """One DAG run with one task; its name is in its jobs' tags."""

    kind: str
    dag_id: str
    run_id: str
    name: str


class UserActions(AirflowApi):
    """The actions of users when something is wrong."""

    def clear(self, run: Run) -> None:
        """Clear a task; of two requests at once, Airflow refuses one."""
        body = {"dag_run_id": run.run_id, "dry_run": False, "only_failed": False}
        with suppress(AlreadyThereError):
            self._send("POST", f"/dags/{run.dag_id}/clearTaskInstances", body)

    def mark_task(self, run: Run, state: str) -> None:
        path = f"/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/task"
        self._send("PATCH", path, {"new_state": state})

    def mark_run(self, run: Run, state: str) -> None:
        self._send("PATCH", f"/dags/{run.dag_id}/dagRuns/{run.run_id}", {"state": state})

    def delete(self, run: Run) -> None:
        """Delete a run; mark it first, as in the UI, since Airflow refuses a running one."""
        with suppress(RuntimeError):
            self.mark_run(run, "failed")
        self._http.delete(f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}").raise_for_status()

    def backfill(self, dag_id: str, days: tuple[str, str], conf: Json, again: bool) -> int:
        """Create a backfill with four runs at once; return its id."""
        body = {
            "dag_id": dag_id,
            "from_date": days[0],
            "to_date": days[1],
            "max_active_runs": 4,
            "reprocess_behavior": "completed" if again else "none",
            "dag_run_conf": conf,
        }
        return int(self._send("POST", "/backfills", body)["id"])

    def backfill_ended(self, number: int) -> bool:
        return self._get(f"/backfills/{number}")["completed_at"] is not None

    def task_states(self, run: Run) -> list[str]:
        """Return the states of its tasks; empty for a deleted run."""
        try:
            return [str(task["state"]) for task in self.tasks(run.dag_id, run.run_id)]
        except RuntimeError:
            return []
