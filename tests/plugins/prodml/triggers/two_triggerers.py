"""Two of Airflow's triggerers and one deferred task, in a process of tests/preloaded.py.

The first is taken for dead, so the second takes its trigger over; then the task is cleared. The
arguments are the job and the file for its status after each, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DAG = """
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("waiting"):
    EmptyOperator(task_id="task")
"""
LONGEST = 240.0  # seconds until something must have happened


def deferred_task(name: str) -> tuple[Any, int]:
    """A task instance of a real run, made to wait for the job *name*."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.trigger import Trigger
    from airflow.utils.session import create_session
    from prodml.aws.client import Aws
    from prodml.triggers.job import SageMakerTrigger

    folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    folder.mkdir()
    (folder / "waiting.py").write_text(DAG)
    run = DagBag(folder).dags["waiting"].test()
    [ti] = run.get_task_instances()
    with create_session() as session:
        waits = SageMakerTrigger("ProcessingJob", name, 0.1, Aws().arguments())
        session.add(trigger := Trigger.from_object(waits))
        session.flush()
        ti.state, ti.trigger_id, number = "deferred", trigger.id, trigger.id
        session.merge(ti)
    return ti, number


def triggerer() -> Any:
    from airflow.jobs.job import Job
    from airflow.jobs.triggerer_job_runner import TriggererJobRunner, TriggerRunnerSupervisor

    make: Any = Job
    job = make(heartrate=600)
    TriggererJobRunner(job=job, capacity=10)
    job.prepare_for_execution()
    return TriggerRunnerSupervisor.start(job=job, capacity=10)


def noted_answers() -> list[Any]:
    """Records the task states that triggers get."""
    from airflow.jobs import triggerer_job_runner

    runner: Any = triggerer_job_runner
    answers: list[Any] = []
    answer = runner.handle_get_task_states

    def noted(*arguments: Any) -> Any:
        answers.append(answer(*arguments))
        return answers[-1]

    runner.handle_get_task_states = noted
    return answers


def until(true: Callable[[], Any], *busy: Any) -> None:
    """Let the *busy* triggerers work until it is *true*."""
    end = time.monotonic() + LONGEST
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(true)
        for one in busy:
            one.run_once()


def statuses(name: str) -> dict[str, str]:
    """Return the status of the job *name* once its trigger was taken over, and when cleared."""
    from airflow.models.trigger import Trigger
    from airflow.utils.session import create_session
    from prodml.aws.client import Aws
    from prodml.jobs.jobs import Jobs
    from prodml.vocabulary import PROCESSING

    answers = noted_answers()
    jobs = Jobs(Aws(), PROCESSING)
    ti, number = deferred_task(name)
    first, second = triggerer(), triggerer()
    try:
        until(lambda: number in first.running_triggers, first)
        with create_session() as session:
            session.get_one(Trigger, number).triggerer_id = second.job.id
        until(lambda: answers, first)
        until(lambda: number in second.running_triggers, first, second)
        result = {"taken over": jobs.status(jobs.describe(name))}
        with create_session() as session:
            ti.state, ti.trigger_id = None, None
            session.merge(ti)
        until(lambda: len(answers) > 1, second)
        until(lambda: jobs.status(jobs.describe(name)) != "InProgress", second)
        return result | {"cleared": jobs.status(jobs.describe(name))}
    finally:
        for one in (first, second):
            one.kill(escalation_delay=1, force=True)


def main() -> None:
    job, file = sys.argv[1:]
    Path(file).write_text(json.dumps(statuses(job)))
