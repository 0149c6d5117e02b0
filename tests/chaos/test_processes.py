"""Commands and variables of the processes that are killed."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chaos.launching import Process
from chaos.processes import Processes, prefixed
from include.demo.environment import USER


@pytest.fixture(name="processes")
def _processes(tmp_path: Path) -> Processes:
    dags = {"chaos": Path("/dags/chaos"), "own": Path("/dags/own")}
    made = Processes(tmp_path, "sqlite:///db", 2, 5, dags, aws_port=4001, airflow_port=8001)
    for name in ("aws", "triggerer", "scheduler-1", "scheduler-2"):
        made.parts[name] = Process(name, [], {}, tmp_path)
    return made


def test_variables_of_the_machine_do_not_reach_the_world(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "KubernetesExecutor")
    monkeypatch.setenv("AIRFLOW_CONN_OTHER", "aws://")
    monkeypatch.setenv("LANG_OF_THE_MACHINE", "C")
    variables = processes.environment("scheduler-1")
    assert variables["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert variables["LANG_OF_THE_MACHINE"] == "C"
    assert not {"AWS_PROFILE", "AIRFLOW_CONN_OTHER"} & variables.keys()


def test_variables_name_the_addresses_and_folders_of_this_world(processes: Processes) -> None:
    variables = processes.environment("scheduler-1")
    assert variables["AWS_ENDPOINT_URL"] == processes.aws_url == "http://127.0.0.1:4001"
    execution = variables["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
    assert execution == "http://127.0.0.1:8001/execution/"
    assert variables["CHAOS_PIDS"] == str(processes.folder / "pids")
    bundles = json.loads(variables["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])
    paths = {bundle["name"]: bundle["kwargs"]["path"] for bundle in bundles}
    assert paths == {"chaos": "/dags/chaos", "own": "/dags/own"}


def test_own_variables_win_over_those_of_the_suite(processes: Processes) -> None:
    """Losses are noticed within a minute unless a caller wants otherwise."""
    name = "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"
    assert processes.environment("triggerer")[name] == "60"
    processes.variables = prefixed({"SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "5"})
    assert processes.environment("triggerer")[name] == "5"


def test_every_scheduler_is_a_process_of_its_own(processes: Processes) -> None:
    commands = processes.commands()
    assert list(commands) == [
        *("api-server", "dag-processor", "triggerer"),
        *("scheduler-1", "scheduler-2"),
    ]
    assert commands["scheduler-1"][:2] == ["airflow", "scheduler"]


def test_aws_keeps_its_state_in_the_folder_of_the_world(processes: Processes) -> None:
    words = " ".join(processes.aws_command())
    assert "-m include.local_aws --port 4001" in words
    assert f"--data-dir {processes.folder}/aws" in words


def test_processes_are_chosen_by_the_beginning_of_their_names(processes: Processes) -> None:
    assert processes.called("scheduler", "aws") == ["aws", "scheduler-1", "scheduler-2"]
    assert processes.called("worker") == []


def test_ids_are_those_of_airflows_running_processes(processes: Processes) -> None:
    running: Any = SimpleNamespace(pid=7)
    for name in ("aws", "triggerer"):
        processes.parts[name].running = running
    assert processes.pids_of_airflow() == {"triggerer": 7}


def test_the_password_of_the_user_is_written_before_airflow_starts(processes: Processes) -> None:
    processes.prepare()
    assert list(json.loads((processes.folder / "passwords.json").read_text())) == [USER]


def test_chosen_dag_files_of_the_project_are_parsed_alone(tmp_path: Path) -> None:
    made = Processes(tmp_path, "sqlite:///db", 1, 1, aws_port=1, airflow_port=2, only=("sweep",))
    made.dags = {"project": tmp_path / "dags", "chaos": tmp_path / "chaos"}
    made.dags["project"].mkdir()
    for name in ("sweep.py", "retrain.py"):
        (made.dags["project"] / name).touch()
    made.prepare()
    assert made.dags == {"project": tmp_path / "project", "chaos": tmp_path / "chaos"}
    assert [path.name for path in made.dags["project"].iterdir()] == ["sweep.py"]
    assert len(list((tmp_path / "dags").iterdir())) == 2
