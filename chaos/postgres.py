"""A PostgreSQL server of its own, for the length of a run."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from include.local_aws.core.processes import free_port

DEBIAN = Path("/usr/lib/postgresql")
NOBODY = "nobody"  # PostgreSQL refuses to be run by root
READY_WITHIN = 60.0
FAST = {"fsync": "off", "max_connections": "200"}  # this database need not outlive the machine


class NoPostgresError(RuntimeError):
    """Raised when there is no PostgreSQL to start."""


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server, if one is installed."""
    found = shutil.which("initdb")
    on_path = [Path(found).resolve().parent] if found else []
    debian = sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    usable = (path for path in (*debian, *on_path) if (path / "postgres").exists())
    return next(usable, None)


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of an empty database; raises NoPostgresError if none is installed."""
    found = binaries()
    if found is None:
        raise NoPostgresError(
            "There is no PostgreSQL server here. Install it (Debian: apt-get install postgresql)."
        )
    user = NOBODY if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="prodml-postgres-"))
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    try:
        _run(found, user, "initdb", "-D", data, "-U", "airflow", "-A", "trust", "--no-sync")
        settings = [word for item in FAST.items() for word in ("-c", "=".join(item))]
        where = ("-D", data, "-p", port, "-k", folder, "-h", "127.0.0.1")
        command = [str(word) for word in (found / "postgres", *where, *settings)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, user=user, stdout=log, stderr=log)
        try:
            _wait(port, folder / "log")
            _make_database(port)
            yield f"postgresql+psycopg2://airflow@127.0.0.1:{port}/airflow"
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is still connected
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres(port: int) -> str:
    """The database that a server is born with."""
    return f"postgresql://airflow@127.0.0.1:{port}/postgres"


def _make_database(port: int) -> None:
    connection = psycopg2.connect(_postgres(port))
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE airflow")
    connection.close()


def _wait(port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            psycopg2.connect(_postgres(port)).close()
            return
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise NoPostgresError(
                    f"PostgreSQL did not start: {error}{log.read_text()}"
                ) from None
        time.sleep(0.1)


def _run(found: Path, user: str | None, program: str, *arguments: object) -> None:
    command = [str(found / program), *map(str, arguments)]
    subprocess.run(command, cwd="/", user=user, check=True, capture_output=True, text=True)
