"""The services of docker-compose.yaml as processes: commands and variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos.distributed import SERVICES, Distributed

DATABASE = "postgresql+psycopg2://airflow:pw@127.0.0.1:5433/airflow"


@pytest.fixture(name="processes")
def _processes(tmp_path: Path) -> Distributed:
    made = Distributed(tmp_path, DATABASE, 2, 5, aws_port=4001, airflow_port=8001)
    made.broker = "127.0.0.1:7000"
    return made


def test_every_service_is_one_of_the_file(processes: Distributed) -> None:
    assert set(SERVICES.values()) <= processes.compose.services.keys()


def test_schedulers_and_workers_are_processes_of_their_own(processes: Distributed) -> None:
    commands = processes.commands()
    assert list(commands) == [
        *("api-server", "dag-processor", "triggerer"),
        *("scheduler-1", "scheduler-2", "worker-1", "worker-2"),
    ]
    assert commands["scheduler-1"] == commands["scheduler-2"]
    names = [commands[f"worker-{number}"][-1] for number in (1, 2)]
    assert names == ["worker-1@%h", "worker-2@%h"]


def test_hosts_of_the_file_become_those_of_this_world(processes: Distributed) -> None:
    variables = processes.environment("worker-1")
    assert variables["AIRFLOW__CELERY__BROKER_URL"] == "redis://:@127.0.0.1:7000/0"
    assert variables["AIRFLOW__CELERY__RESULT_BACKEND"].endswith(
        "airflow:pw@127.0.0.1:5433/airflow"
    )
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4001"
    assert " --port 4001 --time-scale " in " ".join(processes.aws_command())


def test_chosen_dag_files_are_mounted_next_to_those_of_chaos(processes: Distributed) -> None:
    processes.only = ("reconcile_jobs",)
    processes.prepare()
    dags = processes.compose.home / "dags"
    assert [path.name for path in dags.glob("*.py")] == ["reconcile_jobs.py"]
    assert (dags / "chaos" / "broken_jobs.py").is_file()


def test_a_container_has_no_variable_of_the_machines_project(
    processes: Distributed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODML_OF_THE_MACHINE", "1")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("LANG_OF_THE_MACHINE", "C")
    variables = processes.environment("scheduler-2")
    assert not {"PRODML_OF_THE_MACHINE", "AWS_PROFILE"} & variables.keys()
    assert variables["LANG_OF_THE_MACHINE"] == "C"


def test_variables_of_a_caller_reach_the_services(processes: Distributed) -> None:
    name = "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"
    assert processes.environment("triggerer")[name] == "60"
    processes.variables = {name: "5"}
    assert processes.environment("triggerer")[name] == "5"


def test_each_process_has_ports_of_its_own(processes: Distributed) -> None:
    name = "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT"
    first, second = (processes.environment(f"worker-{number}") for number in (1, 2))
    assert first[name] != second[name]
    assert first["AIRFLOW__CELERY__WORKER_CONCURRENCY"] == "5"
    assert first["AIRFLOW__API__PORT"] == "8001"
