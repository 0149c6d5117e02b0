"""Requests to Airflow's REST API, and the demo's reading of its responses."""

from __future__ import annotations

from typing import Any

import pytest

from include.demo.airflow_api import AirflowApi, AlreadyThereError
from tests.include.demo.conftest import StubAirflow

RUN = "/dags/d/dagRuns/r"


def test_every_call_carries_the_token_of_the_sign_in(stub: StubAirflow, api: AirflowApi) -> None:
    stub.answer("PATCH", "/dags/d", {})
    api.unpause("d")
    assert stub.calls[-1] == ("PATCH", "/dags/d", {"is_paused": False})
    assert "Bearer token-1" in stub.tokens


def test_trigger_sends_the_form_and_returns_the_runs_id(stub: StubAirflow, api: AirflowApi) -> None:
    stub.answer("POST", "/dags/d/dagRuns", {})
    run_id = api.trigger("d", {"min_gain": 0.1})
    sent = {"dag_run_id": run_id, "logical_date": None, "conf": {"min_gain": 0.1}}
    assert stub.calls[-1] == ("POST", "/dags/d/dagRuns", sent)
    assert run_id.startswith("manual__")


def test_a_form_that_is_refused_says_so_with_the_answer(stub: StubAirflow, api: AirflowApi) -> None:
    stub.answer("POST", "/dags/d/dagRuns", {"detail": "min_gain is -1"}, status=400)
    with pytest.raises(RuntimeError, match=r"POST .*/dags/d/dagRuns -> 400: .*min_gain is -1"):
        api.trigger("d", {})


def test_what_exists_already_is_distinguished_from_what_fails(
    stub: StubAirflow, api: AirflowApi
) -> None:
    stub.answer("PATCH", "/dags/d", {"detail": "taken"}, status=409)
    with pytest.raises(AlreadyThereError):
        api.unpause("d")


def test_waiting_for_dags_ends_with_the_last_one(stub: StubAirflow, api: AirflowApi) -> None:
    stub.answer("GET", "/dags/a/details", {"dag_id": "a"})
    stub.answer("GET", "/dags/b/details", {"detail": "not found"}, status=404)
    stub.answer("GET", "/dags/b/details", {"dag_id": "b"})
    stub.answer("GET", "/importErrors", {"import_errors": []})
    api.wait_for_dags(["a", "b"])
    assert [path for _, path, _ in stub.calls].count("/dags/b/details") == 2


def test_a_dag_that_cannot_be_imported_is_reported_at_once(
    stub: StubAirflow, api: AirflowApi
) -> None:
    broken = {"filename": "a.py", "stack_trace": "NameError: x"}
    stub.answer("GET", "/importErrors", {"import_errors": [broken]})
    with pytest.raises(RuntimeError, match=r"DAGs \['a'\] did not load: a\.py: NameError: x"):
        api.wait_for_dags(["a"])


def test_a_dag_that_never_appears_is_named(stub: StubAirflow, api: AirflowApi) -> None:
    stub.answer("GET", "/importErrors", {"import_errors": []})
    with pytest.raises(RuntimeError, match=r"\['a'\] did not load: the dag-processor"):
        api.wait_for_dags(["a"], timeout=0)


def test_tasks_are_read_beyond_the_first_page(stub: StubAirflow, api: AirflowApi) -> None:
    pages: list[list[dict[str, Any]]] = [[{"task_id": f"t{n}"} for n in range(100)]]
    pages.append([{"task_id": "last"}])
    for page in pages:
        stub.answer("GET", f"{RUN}/taskInstances", {"task_instances": page})
    assert [task["task_id"] for task in api.tasks("d", "r")][-2:] == ["t99", "last"]
    assert "offset=100" in stub.calls[-1][2]


def test_a_run_is_watched_until_it_has_finished(stub: StubAirflow, api: AirflowApi) -> None:
    for state in ("running", "failed"):
        stub.answer("GET", RUN, {"state": state})
    stub.answer("GET", f"{RUN}/taskInstances", {"task_instances": []})
    states = [run["state"] for run, _ in api.watch("d", "r", every=0)]
    assert states == ["running", "failed"]


def test_a_task_that_returned_nothing_has_no_result(stub: StubAirflow, api: AirflowApi) -> None:
    path = f"{RUN}/taskInstances/{{}}/xcomEntries/return_value"
    stub.answer("GET", path.format("judge"), {"value": {"approval": "Approved"}})
    assert api.result("d", "r", "judge", 2) == {"approval": "Approved"}
    assert stub.calls[-1][2] == "map_index=2"
    assert api.result("d", "r", "skipped") is None


def test_the_end_of_a_log_holds_its_errors(stub: StubAirflow, api: AirflowApi) -> None:
    error = {"exc_type": "BadData", "exc_value": "row 3"}
    content = ["old", {"event": "begins"}, {"event": "Task failed", "error_detail": [error]}]
    stub.answer("GET", f"{RUN}/taskInstances/t/logs/1", {"content": content})
    task = {"task_id": "t", "map_index": -1, "try_number": 0}  # one that never began
    assert api.log_tail("d", "r", task, 2) == ["begins", "Task failed BadData: row 3"]
