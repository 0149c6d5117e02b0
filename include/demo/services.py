"""The laptop's services: how each is started, when it is healthy, and which one it needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from include.demo import environment as env
from include.demo import migration

HEALTH = f"{env.AIRFLOW_URL}/api/v2/monitor/health"
DIES_WITH_SUPERVISOR = ("setpriv", "--pdeathsig", "TERM")


@dataclass(frozen=True)
class Service:
    """
    One process that the supervisor keeps running.

    :param command: Its command line; the process ends when the supervisor does.
    :param healthy: Whether it does its work.
    :param needs: The service that has to be healthy before this one is started.
    :param once: It ends by itself, and has done its work then.
    :param port: Where it listens on loopback; *variable* of the environment chooses another one.
    :param address: What to open, or to connect to.
    :param stop_signal: What asks it to end.
    """

    name: str
    command: tuple[str, ...]
    healthy: Callable[[], bool] = lambda: True
    needs: str | None = None
    once: bool = False
    port: int | None = None
    variable: str = ""
    address: str = ""
    stop_signal: str = "SIGTERM"


def services() -> list[Service]:
    """Return what `make up` starts."""
    started = [_postgres(), _embedded_aws()]
    if migration.is_done():
        return [*started, *_airflow("postgres")]
    command = (*DIES_WITH_SUPERVISOR, sys.executable, "-m", "include.demo.migration")
    started.append(Service("migration", command, needs="postgres", once=True))
    return [*started, *_airflow("migration")]


def _postgres() -> Service:
    database = env.postgres()
    return Service(
        "postgres",
        database.command(),
        database.ready,
        port=database.port,
        variable="PRODML_POSTGRES_PORT",
        address=f"postgresql://airflow@127.0.0.1:{database.port}/airflow",
        stop_signal="SIGINT",  # SIGTERM waits until every client has left
    )


def _embedded_aws() -> Service:
    command = (
        *DIES_WITH_SUPERVISOR,
        *(sys.executable, "-m", "include.local_aws"),
        *("--host", "127.0.0.1", "--port", str(env.AWS_PORT)),
        *("--data-dir", str(env.AWS_DATA), "--cache-dir", str(env.IMAGES)),
        *("--time-scale", f"{env.TIME_SCALE:g}"),
    )
    return Service(
        "embedded-aws",
        command,
        _aws_answers,
        port=env.AWS_PORT,
        variable="PRODML_AWS_PORT",
        address=env.AWS_URL,
    )


def _airflow(needs: str) -> list[Service]:
    """Return Airflow's four processes; logs are read from disk, so none has a server for them."""
    api_server = Service(
        "api-server",
        _airflow_command("api-server"),
        lambda: _is_healthy("metadatabase"),
        needs,
        port=env.AIRFLOW_PORT,
        variable="PRODML_AIRFLOW_PORT",
        address=env.AIRFLOW_URL,
    )
    return [
        api_server,
        # A task that it starts asks the API server at once, and fails without an answer.
        _worker("scheduler", "api-server", "--skip-serve-logs"),
        _worker("dag-processor", needs),
        _worker("triggerer", needs, "--skip-serve-logs"),
    ]


def _worker(name: str, needs: str, *options: str) -> Service:
    part = name.replace("-", "_")
    return Service(name, _airflow_command(name, *options), lambda: _is_healthy(part), needs)


def _airflow_command(*words: str) -> tuple[str, ...]:
    return (*DIES_WITH_SUPERVISOR, str(Path(sys.executable).with_name("airflow")), *words)


def _is_healthy(part: str) -> bool:
    """Return True if Airflow's health page reports *part* as healthy."""
    try:
        parts = httpx.get(HEALTH, timeout=10).json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(parts.get(part, {}).get("status") == "healthy")


def _aws_answers() -> bool:
    try:
        return httpx.get(f"{env.AWS_URL}/_local/health", timeout=3).status_code == 200
    except httpx.HTTPError:
        return False
