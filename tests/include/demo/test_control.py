"""`up`, `down`, `status` and `shell` over small services in place of Airflow's."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from rich.console import Console

from include.demo import control
from include.demo import environment as env
from include.demo.control import ServiceError
from include.demo.services import Service
from include.demo.state import DONE, RUNNING, State, Status
from include.local_aws.core.processes import free_port
from include.settings import ROOT

# A supervisor of two services, as `make up` starts one in a process of its own.
SUPERVISE = """
import sys
from pathlib import Path
from include.demo.services import Service
from include.demo.state import State
from include.demo.supervisor import Supervisor
folder, address, code = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
wait = (sys.executable, "-c", "import time; time.sleep(600)")
app = Service("app", (sys.executable, "-c", code), address=address)
broken = "exit" in code
services = [Service("db", wait), app if not broken else
            Service("app", app.command, lambda: False, "db", address=address)]
Supervisor(services, State(folder), folder, {}).run()
"""
WAIT, FAIL = "import time; time.sleep(600)", "import sys; print('no table'); sys.exit(4)"
TYPED = "for tool in airflow aws pytest; do command -v $tool; done; echo $AWS_ENDPOINT_URL; pwd"


class Laptop:
    """The commands over a state folder of this test; what they say is in *said*."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state = State(folder)
        self.port = free_port()
        self.said: list[str] = []
        self.folder = folder
        self._monkeypatch = monkeypatch
        for name, value in {"STATE": self.state, "services": self.services}.items():
            monkeypatch.setattr(control, name, value)
        monkeypatch.setattr(env, "RUN", folder)
        monkeypatch.setattr(control, "PORTS_FREE_WITHIN", 0.0)
        monkeypatch.setattr(control, "_prepare", lambda: None)
        self.supervise(WAIT)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def services(self) -> list[Service]:
        app = Service("app", (), port=self.port, variable="PRODML_PORT", address=self.address)
        return [Service("db", ()), app]

    def supervise(self, code: str) -> None:
        command = (sys.executable, "-c", SUPERVISE, str(self.folder), self.address, code)
        self._monkeypatch.setattr(control, "SUPERVISE", command)

    def up(self) -> None:
        control.up(self.said.append, lambda _: None)

    def down(self) -> None:
        control.down(self.said.append)

    def status(self) -> tuple[bool, str]:
        page = io.StringIO()
        return control.status(Console(file=page, width=110)), page.getvalue()


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laptop]:
    result = Laptop(tmp_path, monkeypatch)
    yield result
    result.down()


def test_up_starts_status_shows_and_down_stops(laptop: Laptop) -> None:
    laptop.up()
    assert laptop.said == ["db runs", f"app answers on {laptop.address}"]
    supervisor = laptop.state.supervisor()
    good, page = laptop.status()
    db, app = laptop.state.read()
    assert good
    assert page.splitlines()[2].split() == ["app", "running", str(app.pid), "0", laptop.address]
    laptop.up()
    assert laptop.state.supervisor() == supervisor  # it runs: nothing is started twice
    laptop.down()
    assert laptop.said[-1] == "all services are stopped"
    for pid in (db.pid, app.pid):
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid or 0), 0)
    good, page = laptop.status()
    assert (good, page.startswith("No service is running. `make up` starts")) == (False, True)
    laptop.down()
    assert laptop.said[-1] == "nothing was running"


def test_a_service_that_never_comes_up_is_given_up_with_its_log(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "TRIES", 1)
    laptop.supervise(FAIL)
    with pytest.raises(
        ServiceError, match=r"(?s)app did not become healthy\. The end of .*no table"
    ):
        laptop.up()
    assert laptop.state.supervisor() is None  # nothing is left half running


def test_restarts_of_last_week_do_not_count(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that starts again while `up` waits is not given up for what it did before."""
    starting = Status("app", "starting", 1, control.TRIES, -9, laptop.address)
    running = Status("app", RUNNING, 1, control.TRIES, -9, laptop.address)
    db = Status("db", RUNNING, 1)
    with laptop.state.held():
        laptop.state.write([db, starting])
        control.up(laptop.said.append, lambda _: laptop.state.write([db, running]))
    assert laptop.said == ["db runs", f"app answers on {laptop.address}"]


def test_a_taken_port_is_named_with_the_variable_that_chooses_another(laptop: Laptop) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", laptop.port))
        other.listen()
        with pytest.raises(ServiceError, match=rf"Port {laptop.port} .* PRODML_PORT=<port>"):
            laptop.up()


def test_other_ports_restart_what_runs(laptop: Laptop) -> None:
    laptop.up()
    supervisor = laptop.state.supervisor()
    laptop.port = free_port()
    laptop.supervise(WAIT)
    laptop.up()
    assert laptop.state.supervisor() not in (None, supervisor)
    assert laptop.said[-1] == f"app answers on {laptop.address}"


def test_a_supervisor_that_cannot_start_shows_its_log(laptop: Laptop) -> None:
    laptop._monkeypatch.setattr(control, "SUPERVISE", (sys.executable, "-c", "1 / 0"))
    with pytest.raises(ServiceError, match=r"(?s)The supervisor has stopped\. .*ZeroDivisionError"):
        laptop.up()


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([Status("app", RUNNING, 1)], "not answering"),
        ([Status("app", "restarting", None, 4, -9)], "restarting (ended with code -9)"),
    ],
)
def test_what_does_not_work_is_shown_and_counts(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch, states: list[Status], shown: str
) -> None:
    unwell = [Service("app", (), healthy=lambda: False)]
    monkeypatch.setattr(control, "services", lambda: unwell)
    with laptop.state.held():
        laptop.state.write([*states, Status("migration", DONE)])
        good, page = laptop.status()
    assert not good
    assert shown in page
    assert f"Logs: {laptop.folder}" in page.replace("\n", "")


@pytest.mark.parametrize("program", [control.shell, control.notebook])
def test_a_program_needs_running_services(laptop: Laptop, program: Callable[[], NoReturn]) -> None:
    with pytest.raises(ServiceError, match="Start them with `make up` first"):
        program()


def test_a_shell_finds_every_tool_and_the_local_aws(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from include.demo import control; "
        f"control.STATE = control.State(Path({str(tmp_path)!r})); control.shell()"
    )
    state = State(tmp_path)
    with state.held():
        state.write([Status("app", RUNNING, 1)])
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=TYPED,
            env=os.environ | {"SHELL": "/bin/sh", "AWS_PROFILE": "production"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    *programs, address, folder = done.stdout.splitlines()
    assert [Path(program).name for program in programs] == ["airflow", "aws", "pytest"]
    assert {Path(program).parent for program in programs} == {Path(sys.executable).parent}
    assert (address, folder) == (env.AWS_URL, str(ROOT))
    assert "`exit` leaves" in done.stderr
