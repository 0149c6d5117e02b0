"""Start, stop and show the local services: `make up`, `down`, `status`, `shell`, `notebook`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from rich.console import Console
from rich.table import Table

from include.demo import environment as env
from include.demo.services import Service, services
from include.demo.state import DONE, GOOD, RESTARTING, RUNNING, State, Status
from include.demo.supervisor import Supervisor

STATE = State(env.RUN)
READY_WITHIN = 300.0
STOPPED_WITHIN = 90.0
PORTS_FREE_WITHIN = 20.0  # what a supervisor that was killed has left ends within seconds
TRIES = 3  # starts after which a service that never becomes healthy is given up
JUPYTERLAB = "jupyterlab==4.6.6"  # in an environment that uv lays over the project's
SUPERVISE = (sys.executable, "-m", "include.demo", "supervise")
Say = Callable[[str], None]


class ServiceError(RuntimeError):
    """Raised when a service does not start; the message names its log."""


def up(say: Say, tick: Say) -> None:
    """Start what is not running; return when everything is healthy."""
    wanted = services()
    if STATE.supervisor() and not _serves(wanted):
        down(say)  # it was started with other ports
    if not STATE.supervisor():
        _prepare()
        _wait_for_ports(wanted)
        _spawn()
    _wait_until_healthy(say, tick)


def _prepare() -> None:
    """Create the files and folders that the services need."""
    env.write_passwords()
    env.LANDING.mkdir(parents=True, exist_ok=True)
    env.postgres().prepare()


def _serves(wanted: Sequence[Service]) -> bool:
    addresses = {status.address for status in STATE.read()}
    return all(service.address in addresses for service in wanted)


def _wait_for_ports(wanted: Sequence[Service]) -> None:
    deadline = time.monotonic() + PORTS_FREE_WITHIN
    for service in wanted:
        while service.port and _is_taken(service.port):
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"Port {service.port} of 127.0.0.1 is taken, so {service.name} cannot start. "
                    f"Stop the process that uses it, or choose another port with "
                    f"{service.variable}=<port>."
                )
            time.sleep(0.2)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _spawn() -> None:
    env.RUN.mkdir(parents=True, exist_ok=True)
    with STATE.log("supervisor").open("ab") as log:
        process = subprocess.Popen(
            SUPERVISE,
            cwd=env.ROOT,
            env=env.local_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while not STATE.read():
        if process.poll() is not None:
            raise ServiceError(f"The supervisor has stopped. {_end_of_log('supervisor')}")
        time.sleep(0.05)


def _wait_until_healthy(say: Say, tick: Say) -> None:
    deadline = time.monotonic() + READY_WITHIN
    known: set[str] = set()
    earlier = {status.name: status.restarts for status in STATE.read()}
    while True:
        statuses = STATE.read()
        for status in statuses:
            if status.state in GOOD and status.name not in known:
                known.add(status.name)
                say(_sentence(status))
        missing = [status for status in statuses if status.state not in GOOD]
        if statuses and not missing:
            return
        too_late = time.monotonic() > deadline
        tries = {status.name: status.restarts - earlier.get(status.name, 0) for status in missing}
        _give_up([name for name in tries if too_late or tries[name] >= TRIES], bool(statuses))
        tick(f"starting {', '.join(status.name for status in missing)}")
        time.sleep(0.25)


def _sentence(status: Status) -> str:
    if status.state == DONE:
        return f"{status.name} is done"
    return f"{status.name} answers on {status.address}" if status.address else f"{status.name} runs"


def _give_up(hopeless: Sequence[str], supervised: bool) -> None:
    """Stop everything and raise, if there are *hopeless* services or no supervisor."""
    if hopeless or not supervised:
        names = hopeless or ["supervisor"]
        why = "\n".join(f"{name} did not become healthy. {_end_of_log(name)}" for name in names)
        down(lambda _: None)
        raise ServiceError(why)


def _end_of_log(name: str) -> str:
    path = STATE.log(name)
    lines = path.read_text(errors="replace").splitlines()[-15:] if path.exists() else []
    return "\n".join([f"The end of {path}:", *lines])


def supervise() -> None:
    """Be the supervisor, until `make down` stops it."""
    Supervisor(services(), STATE, env.ROOT, env.local_environment()).run()


def down(say: Say) -> None:
    """Stop everything."""
    pid = STATE.supervisor()
    if pid is None:
        say("nothing was running")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOPPED_WITHIN
    while STATE.supervisor() == pid:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)  # which ends its services too
        time.sleep(0.1)
    say("all services are stopped")


def status(console: Console) -> bool:
    """Show every service; return whether all of them are healthy."""
    statuses = STATE.read()
    if not statuses:
        console.print("No service is running. `make up` starts the embedded AWS and Airflow.")
        return False
    healthy = {service.name: service.healthy for service in services()}
    table = Table("Service", "State", "PID", "Restarts", "Address", box=None)
    good = True
    for service in statuses:
        state = service.state
        if state == RUNNING and not healthy[service.name]():
            state = "not answering"
        if service.state == RESTARTING:
            state += f" (ended with code {service.exit_code})"
        good = good and state in GOOD
        pid = str(service.pid or "-")
        table.add_row(service.name, state, pid, str(service.restarts), service.address)
    console.print(table)
    if not good:
        console.print(f"Logs: {env.RUN}/<service>.log")
    return good


def shell() -> NoReturn:
    """Replace this process with a shell in which every tool uses the running services."""
    _require_services()
    program = os.environ.get("SHELL", "/bin/sh")
    print(
        f"`airflow`, `aws`, `python` and `pytest` find Airflow at {env.AIRFLOW_URL} and the "
        f"embedded AWS at {env.AWS_URL}. `exit` leaves.",
        file=sys.stderr,
    )
    os.chdir(env.ROOT)
    os.execve(program, [program], env.local_environment())  # noqa: S606  (the user's own shell)


def notebook() -> NoReturn:
    """Become JupyterLab on the notebook in `examples/`, against the running services."""
    _require_services()
    uv = str(env.LOCAL / "tools" / "bin" / "uv")
    lab = ["jupyter-lab", "examples/churn_end_to_end.ipynb"]
    root = ["--allow-root"] if os.geteuid() == 0 else []  # which Jupyter refuses otherwise
    os.chdir(env.ROOT)
    command = [uv, "run", "--quiet", "--no-project", "--with", JUPYTERLAB, *lab, *root]
    os.execve(uv, command, env.local_environment() | {"VIRTUAL_ENV": sys.prefix})  # noqa: S606


def _require_services() -> None:
    if not STATE.read():
        raise ServiceError("No service is running. Start them with `make up` first.")
