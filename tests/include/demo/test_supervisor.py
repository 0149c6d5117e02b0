"""Real processes under a supervisor: started in order, restarted, stopped together."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from include.demo import supervisor as supervisors
from include.demo.services import Service
from include.demo.state import DONE, RESTARTING, RUNNING, STARTING, WAITING, State
from include.demo.supervisor import Child, Supervisor

WAIT = "import time; print('started', flush=True); time.sleep(600)"
FAIL = "raise SystemExit('no database')"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAIT
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAIT!r}]); {WAIT}"
Make = Callable[..., Supervisor]


def service(name: str, code: str = WAIT, **members: object) -> Service:
    return Service(name, (sys.executable, "-c", code), **members)  # type: ignore[arg-type]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Supervise the given services step by step, in this process."""
    monkeypatch.setattr(supervisors, "PATIENCE", 1.0)
    made: list[Supervisor] = []
    state = State(tmp_path)
    with state.held():

        def supervise(*services: Service) -> Supervisor:
            made.append(Supervisor(services, state, tmp_path, os.environ))
            return made[-1]

        yield supervise
        for supervisor in made:
            supervisor._stop()


def until(supervisor: Supervisor, holds: Callable[[], bool], within: float = 20) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, supervisor._written
        supervisor._step()
        time.sleep(0.02)


def child(supervisor: Supervisor, name: str) -> Child:
    return supervisor._children[name]


def pid_of(result: Child) -> int:
    assert result.process is not None
    return result.process.pid


def test_a_service_waits_for_the_one_that_it_needs(make: Make) -> None:
    ready = False
    supervisor = make(service("db", healthy=lambda: ready), service("app", needs="db"))
    db, app = child(supervisor, "db"), child(supervisor, "app")
    for _ in range(3):
        supervisor._step()
    assert (db.state, app.state) == (STARTING, WAITING)
    ready = True
    until(supervisor, lambda: app.state == RUNNING)


def test_work_that_is_done_once_is_not_restarted(make: Make) -> None:
    supervisor = make(service("migrate", "pass", once=True), service("app", needs="migrate"))
    until(supervisor, lambda: child(supervisor, "app").state == RUNNING)
    assert child(supervisor, "migrate").state == DONE
    assert child(supervisor, "migrate").restarts == 0


def test_a_killed_service_is_started_again_and_its_children_are_gone(
    make: Make, tmp_path: Path
) -> None:
    supervisor = make(service("app", PARENT))
    app, log = child(supervisor, "app"), tmp_path / "app.log"
    until(supervisor, lambda: log.exists() and log.read_text().count("started") == 2)
    first = pid_of(app)
    (grandchild,) = psutil.Process(first).children()
    os.kill(first, signal.SIGKILL)
    until(supervisor, lambda: app.restarts == 1 and app.state == RUNNING)
    assert app.exit_code == -signal.SIGKILL
    assert pid_of(app) != first
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
    written = supervisor._state.read()
    assert [(status.state, status.pid, status.restarts) for status in written] == [
        (RUNNING, pid_of(app), 1)
    ]


def test_a_service_that_fails_at_once_is_tried_ever_more_rarely(
    make: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = make(service("app", FAIL, healthy=lambda: False))
    app = child(supervisor, "app")
    delays = []
    for ends in (1, 2):
        until(supervisor, lambda ends=ends: app.quick_ends == ends)  # type: ignore[misc]
        delays.append(app.due - time.monotonic())
        assert app.state == RESTARTING
        app.due = 0
    assert delays[0] <= 1 < delays[1] <= 2
    assert "app ended with code 1" in caplog.text
    assert "no database" in (tmp_path / "app.log").read_text()


def test_a_service_that_ran_for_long_is_started_again_at_once(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisors, "STABLE_AFTER", 0.0)
    supervisor = make(service("app"))
    app = child(supervisor, "app")
    until(supervisor, lambda: app.state == RUNNING)
    os.kill(pid_of(app), signal.SIGKILL)
    until(supervisor, lambda: app.restarts == 1)
    assert app.quick_ends == 0


def test_services_stop_before_what_they_need(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor = make(
        service("db"), service("api", STUBBORN, needs="db"), service("scheduler", needs="api")
    )
    log = tmp_path / "api.log"  # in which it says that it ignores signals from now on
    until(supervisor, lambda: log.exists() and "started" in log.read_text())
    until(supervisor, lambda: child(supervisor, "scheduler").state == RUNNING)
    ends: list[str] = []
    ask = Child.ask_to_stop

    def noted(item: Child) -> None:
        ends.append(item.service.name)
        ask(item)

    monkeypatch.setattr(Child, "ask_to_stop", noted)
    supervisor._stop()
    assert ends == ["scheduler", "api", "db"]
    codes = [item.process.poll() for item in supervisor._children.values() if item.process]
    assert codes == [-signal.SIGTERM, -signal.SIGKILL, -signal.SIGTERM]  # api did not listen
