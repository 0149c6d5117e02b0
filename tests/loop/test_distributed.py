"""The services of docker-compose.yaml as processes: the loop, killed workers, health checks."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from chaos.distributed import SERVICES, Distributed
from chaos.redis import redis_server, running_redis
from chaos.retraining import CONF, DAG, PROJECT
from chaos.world import World, running_world
from include.demo.postgres import running_postgres

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("PRODML_TEST_DISTRIBUTED"),
        reason="`make distributed` runs the whole loop on Celery; it takes minutes",
    ),
    pytest.mark.skipif(not redis_server(), reason="Redis is not installed (Debian: redis-server)"),
    pytest.mark.timeout(1800),
]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with (
        running_postgres() as database,
        running_redis() as broker,
        running_world(database, 1, ("ours",), broker=broker) as running,
    ):
        yield running


def test_killed_workers_cost_no_second_job(world: World) -> None:
    """Both workers die with their tasks while the jobs run: the retry adopts what runs."""
    runs = world.start("crash", 2, 90.0)
    world.until_jobs_run(runs)
    world.until_deferred(runs)
    world.processes.restart(*world.processes.called("worker"))
    assert world.finish(runs) == []
    jobs = world.jobs()
    assert [[job.status for job in jobs[run.name]] for run in runs] == [["Completed"]] * 2
    tries = [world.airflow.tasks(run.dag_id, run.run_id)[0]["try_number"] for run in runs]
    assert tries == [2, 1], "the one that waited was lost with its worker; the deferred one was not"


@pytest.mark.parametrize(
    ("dag_id", "conf"), [(PROJECT, {}), (DAG, CONF | {"window_end": "2024-01-29"})]
)
def test_the_loop_runs_on_celery(world: World, dag_id: str, conf: dict[str, object]) -> None:
    world.airflow.unpause(dag_id)
    run_id = world.airflow.trigger(dag_id, conf)
    *_, (run, tasks) = world.airflow.watch(dag_id, run_id, every=3)
    assert run["state"] == "success", [(task["task_id"], task["state"]) for task in tasks]


def test_what_was_trained_serves(world: World) -> None:
    description = world.client("sagemaker").describe_endpoint(EndpointName="churn")
    assert description["EndpointStatus"] == "InService"


@pytest.mark.parametrize("name", ["dag-processor", "triggerer", "worker-1"])
def test_health_checks_of_the_file_answer(world: World, name: str) -> None:
    """Those of the servers are requests to ports that are other ones here."""
    processes = world.processes
    assert isinstance(processes, Distributed)
    service = SERVICES[name.removesuffix("-1")]
    shell, check = processes.compose.services[service]["healthcheck"]["test"]
    assert shell == "CMD-SHELL"
    here = check.replace("$$", "$").replace("celery@", "worker-1@")  # two share one host here
    environment = processes.environment(name) | {"HOSTNAME": socket.gethostname()}
    subprocess.run(["sh", "-c", here], env=environment, cwd=processes.inside, check=True)
