"""Start and stop the two services behind the demo: the embedded AWS and Airflow."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from include.demo import environment as env

RUN = env.LOCAL / "run"


class ServiceError(RuntimeError):
    """Raised when a service does not come up; the message ends with where to look."""


@dataclass(frozen=True)
class Service:
    """One long-running process of the laptop, found again by its pid file."""

    name: str
    command: tuple[str, ...]
    port: int
    health: Callable[[], bool]
    stop_signal: signal.Signals

    @property
    def log(self) -> Path:
        return RUN / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        return RUN / f"{self.name}.pid"

    def ensure(self, timeout: float, tick: Callable[[str], None]) -> None:
        """Start it unless it is already healthy; raise ServiceError after *timeout* seconds."""
        if self.running() and self.health():
            return
        self.stop()
        self._refuse_taken_port()
        process = self._spawn()
        deadline = time.monotonic() + timeout
        while not self.health():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServiceError(self._why(process.poll()))
            tick(f"starting {self.name}")
            time.sleep(0.25)

    def running(self) -> bool:
        pid = self._pid()
        return pid is not None and _alive(pid)

    def stop(self, patience: float = 30) -> bool:
        """Ask the process group to stop, then insist; True when there was something to stop."""
        pid = self._pid()
        self.pid_file.unlink(missing_ok=True)
        if pid is None or not _alive(pid):
            return False
        os.kill(pid, self.stop_signal)
        if not _gone(pid, patience):
            os.killpg(pid, signal.SIGKILL)
            _gone(pid, 5)
        return True

    def _pid(self) -> int | None:
        try:
            return int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _spawn(self) -> subprocess.Popen[bytes]:
        RUN.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command,
                cwd=env.ROOT,
                env=env.local_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid_file.write_text(str(process.pid))
        return process

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                variable = "PRODML_AWS_PORT" if self.port == env.AWS_PORT else "PRODML_AIRFLOW_PORT"
                raise ServiceError(
                    f"Port {self.port} of 127.0.0.1 is taken, so {self.name} cannot start. "
                    f"Stop what listens there, or choose another port with {variable}=<port>."
                ) from None

    def _why(self, returncode: int | None) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        end = "did not become healthy" if returncode is None else f"ended with code {returncode}"
        return "\n".join([f"{self.name} {end}. The end of {self.log}:", *lines])


def embedded_aws() -> Service:
    command = (
        *(sys.executable, "-m", "include.local_aws"),
        *("--host", "127.0.0.1", "--port", str(env.AWS_PORT)),
        *("--data-dir", str(env.AWS_DATA), "--cache-dir", str(env.IMAGES)),
        *("--time-scale", f"{env.TIME_SCALE:g}"),
    )
    url = f"{env.AWS_URL}/_local/health"
    return Service("embedded-aws", command, env.AWS_PORT, lambda: _answers(url), signal.SIGTERM)


def airflow() -> Service:
    command = (str(Path(sys.executable).with_name("airflow")), "standalone")
    return Service("airflow", command, env.AIRFLOW_PORT, _airflow_healthy, signal.SIGINT)


def _airflow_healthy() -> bool:
    try:
        parts = httpx.get(f"{env.AIRFLOW_URL}/api/v2/monitor/health", timeout=5).json()
    except (httpx.HTTPError, ValueError):
        return False
    names = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return all(parts.get(name, {}).get("status") == "healthy" for name in names)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _alive(pid: int) -> bool:
    """Whether the process runs; a child of ours that ended is reaped on the way."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _gone(pid: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not _alive(pid):
            return True
        time.sleep(0.1)
    return False
