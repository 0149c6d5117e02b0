"""The packaged PostgreSQL really runs, under an unprivileged user, from any folder."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from include.demo import postgres
from include.demo.postgres import QUICK, Postgres, PostgresError, binaries
from include.local_aws.core.processes import free_port

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Postgres:
    """A prepared server; pytest's folders are private, as a checkout below /root is."""
    folder = tmp_path_factory.mktemp("laptop")
    result = Postgres(folder / "postgres", free_port(), secrets.token_hex(8), QUICK)
    result.prepare()
    return result


@pytest.fixture
def start(server: Postgres, tmp_path: Path) -> Iterator[Start]:
    """Start the server and wait until it takes connections."""
    started = []

    def run() -> subprocess.Popen[bytes]:
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen(server.command(), cwd="/", stdout=log, stderr=log)
        started.append(process)
        postgres._wait(server, process, tmp_path / "log")
        return process

    yield run
    for process in started:
        process.send_signal(signal.SIGINT)
        process.wait()


def query(server: Postgres, text: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(server.url.replace("+psycopg2", ""))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def test_it_is_the_version_of_compose_and_never_root(server: Postgres, start: Start) -> None:
    process = start()
    assert query(server, "SHOW server_version")[0][0] >= "16"  # type: ignore[operator]
    assert psutil.Process(process.pid).name() == "postgres"  # what is signalled is the server
    expected = os.geteuid() or pwd.getpwnam("nobody").pw_uid
    assert psutil.Process(process.pid).uids().effective == expected


def test_what_was_committed_survives_a_kill(server: Postgres, start: Start) -> None:
    process = start()
    query(server, "CREATE TABLE kept AS SELECT 7 AS value")
    query(server, "CHECKPOINT")
    process.kill()
    process.wait()
    assert not server.ready()
    server.prepare()  # which leaves the data as they are
    start()
    assert query(server, "SELECT value FROM kept") == [(7,)]


def test_another_user_of_the_machine_is_not_let_in(server: Postgres, start: Start) -> None:
    start()
    other = Postgres(server.folder, server.port, "guessed")
    assert server.ready()
    assert not other.ready()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        query(other, "SELECT 1")
    assert not list(server.folder.glob("password"))


def test_a_cluster_that_was_not_finished_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    (folder / "unfinished").mkdir(parents=True)
    (folder / "unfinished" / "PG_VERSION").write_text("16")
    result = Postgres(folder, free_port(), "secret")
    result.prepare()
    assert (result.data / "global" / "pg_control").exists()
    assert not (folder / "unfinished").exists()


def test_a_failure_says_what_postgresql_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "ROLE", "pg_reserved")
    with pytest.raises(PostgresError, match=r"initdb ended with code 1: .*pg_.* remove .*postgres"):
        Postgres(tmp_path / "postgres", free_port(), "secret").prepare()


def test_a_missing_package_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PACKAGE", "no_such_package")
    with pytest.raises(PostgresError, match=r"no_such_package is not installed\. Run `make setup`"):
        binaries.__wrapped__()
