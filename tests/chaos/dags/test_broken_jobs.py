"""The DAGs whose jobs chaos breaks: one for each end, operator and way of waiting."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG

from chaos.dags import broken_jobs

DAGS: dict[str, DAG] = {
    name: value for name, value in vars(broken_jobs).items() if isinstance(value, DAG)
}


def task(name: str) -> Any:
    return DAGS[name].get_task("task")


def test_every_combination_has_a_dag_of_its_name() -> None:
    assert len(DAGS) == len(broken_jobs.ENDS) * 2 * len(broken_jobs.MODES)
    assert all(dag.dag_id == name for name, dag in DAGS.items())


@pytest.mark.parametrize("kind", ["ours", "stock"])
def test_mode_decides_where_the_task_waits(kind: str) -> None:
    assert not task(f"crash_{kind}_waiting").deferrable
    assert task(f"crash_{kind}_deferred").deferrable


def test_a_crash_is_tried_again_and_a_kill_is_not() -> None:
    assert task("crash_ours_default").retries == 4
    assert task("kill_ours_default").retries == 0


def test_task_and_run_have_their_time_limits() -> None:
    minute = timedelta(seconds=60)
    assert task("overtime_stock_waiting").execution_timeout == minute
    assert DAGS["expire_stock_waiting"].dagrun_timeout == minute
    assert DAGS["crash_stock_waiting"].dagrun_timeout is None


def test_jobs_are_counted_by_the_tag_of_their_run() -> None:
    tag = [{"Key": "chaos-run", "Value": "{{ params.name }}"}]
    for name in DAGS:
        assert task(name).config["Tags"] == tag


def test_process_is_noted_by_run_and_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAOS_PIDS", str(tmp_path))
    context = {"params": {"name": "crash-1"}, "ti": SimpleNamespace(try_number=2)}
    broken_jobs.note_pid(context)
    assert (tmp_path / "crash-1.2").read_text() == str(os.getpid())
