"""Runs, their jobs, and their ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chaos.users import Run
from chaos.world import World, shares
from tests.chaos.worlds import NOON, QuietWorld, SageMaker, job, task

RUN = Run("ours", "crash_ours_deferred", "manual__1", "chaos-1")


def summary(name: str, status: str, minute: int, **members: Any) -> dict[str, Any]:
    created = NOON + timedelta(minutes=minute)
    states = {"ProcessingJobStatus": status, "CreationTime": created}
    return {"ProcessingJobName": name, "ProcessingJobArn": f"arn:{name}"} | states | members


@pytest.mark.parametrize(
    ("count", "expected"),
    [(7, [3, 2, 2]), (3, [1, 1, 1]), (1, [1, 0, 0]), (0, [0, 0, 0])],
)
def test_runs_are_distributed_evenly(count: int, expected: list[int]) -> None:
    assert list(shares(count, ["a", "b", "c"]).values()) == expected


@pytest.mark.parametrize(
    ("status", "runs"),
    [("InProgress", True), ("Stopping", True), ("Stopped", False), ("Failed", False)],
)
def test_a_job_that_stops_still_runs(status: str, runs: bool) -> None:
    assert job(status).runs is runs


def test_modes_alternate_and_each_kind_gets_every_run() -> None:
    world = QuietWorld(kinds=("ours", "stock"))
    runs = world.start("crash", 3, 8.0)
    assert [run.dag_id for run in runs[::2]] == [
        "crash_ours_waiting",
        "crash_ours_deferred",
        "crash_ours_waiting",
    ]
    assert [run.kind for run in runs] == ["ours", "stock"] * 3
    confs = [body["conf"] for _, body in world.users.requests]
    assert confs == [{"name": run.name, "seconds": 8.0} for run in runs]
    assert len({run.name for run in runs}) == 6


def test_jobs_have_the_name_of_their_run_and_the_order_of_their_creation() -> None:
    world = QuietWorld()
    tags = {"arn:a": "chaos-1", "arn:b": "chaos-1"}
    newer, older = summary("b", "InProgress", 2), summary("a", "Failed", 1, LastModifiedTime=NOON)
    world.sagemaker = SageMaker([newer, summary("other", "Completed", 3)], [older], tags=tags)
    jobs = World.jobs(world)
    assert [(made.name, made.ended) for made in jobs["chaos-1"]] == [("a", NOON), ("b", None)]
    assert [made.name for made in jobs[""]] == ["other"]
    assert jobs[""][0].ended is not None
    World.jobs(world)
    assert len(world.sagemaker.calls) == 3  # tags are read once a job


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        (task("running"), False),
        (task("deferred"), False),
        (task("up_for_retry"), False),
        (task("failed"), True),
        (404, True),
    ],
    ids=["running", "deferred", "to be retried", "failed", "deleted run"],
)
def test_a_run_ends_with_its_tasks(answer: Any, ended: bool) -> None:
    assert QuietWorld({"taskInstances": answer}).has_ended(RUN) is ended


def test_runs_without_success_are_returned() -> None:
    failed = Run("ours", "crash_ours_waiting", "manual__2", "chaos-2")
    answers = {"manual__1": {"state": "success"}, "manual__2": {"state": "failed"}}
    assert QuietWorld(answers).finish([RUN, failed]) == [failed]


def test_a_run_that_does_not_end_in_time_has_no_success() -> None:
    assert QuietWorld({"manual__1": {"state": "running"}}).finish([RUN], within=-1) == [RUN]


def test_a_wait_names_its_subject_and_survives_an_outage() -> None:
    world = QuietWorld({"manual__1": 503})
    with pytest.raises(TimeoutError, match="Waited -1 s for the run"):
        world.until(lambda: world.airflow.run("crash", "manual__1"), -1, "the run")


def test_the_first_attempt_of_a_task_writes_its_process_id(tmp_path: Path) -> None:
    world = QuietWorld(folder=tmp_path)
    world.processes.pids.mkdir()
    (world.processes.pids / "chaos-1.1").write_text("42")
    assert world.pid(RUN) == 42
