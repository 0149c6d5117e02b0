"""Start services in their order, restart those that end, and stop all of them together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from include.demo.services import Service
from include.demo.state import DONE, GOOD, RESTARTING, RUNNING, STARTING, WAITING, State, Status

log = logging.getLogger(__name__)
POLL = 0.25  # seconds between two checks of the processes
LONGEST_DELAY = 15.0
STABLE_AFTER = 60.0  # seconds after which an end has nothing to do with the start
PATIENCE = 30.0  # seconds between a stop signal and SIGKILL


@dataclass
class Child:
    """A service and its process, which is the leader of a process group of its own."""

    service: Service
    output: Path
    folder: Path
    environment: Mapping[str, str]
    state: str = WAITING
    restarts: int = 0
    exit_code: int | None = None
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    due: float = 0.0  # when a service that has ended is started again
    quick_ends: int = 0  # consecutive

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.service.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.restarts += self.state == RESTARTING
        self.began, self.state = time.monotonic(), STARTING

    def poll(self) -> None:
        """Notice that the process has ended, or that it has become healthy."""
        if self.process is None:
            return
        code = self.process.poll()
        if code is not None:
            self._ended(code)
        elif self.state == STARTING and not self.service.once and self.service.healthy():
            self.state = RUNNING

    def _ended(self, code: int) -> None:
        self.end_group()
        self.process, self.exit_code = None, code
        now = time.monotonic()
        lasted = now - self.began
        log.warning("%s ended with code %d after %.0f s", self.service.name, code, lasted)
        self.quick_ends = 0 if lasted >= STABLE_AFTER else self.quick_ends + 1
        self.due = now + (min(2.0**self.quick_ends / 2, LONGEST_DELAY) if self.quick_ends else 0)
        self.state = DONE if self.service.once and code == 0 else RESTARTING

    @property
    def is_due(self) -> bool:
        """Return True if an ended service is due to start; quick failures double the delay."""
        return self.state == RESTARTING and time.monotonic() >= self.due

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.Signals[self.service.stop_signal])

    def end_group(self) -> None:
        """Kill what the process has left behind."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def status(self) -> Status:
        pid = self.process.pid if self.process else None
        return Status(
            self.service.name,
            self.state,
            pid,
            self.restarts,
            self.exit_code,
            self.service.address,
        )


class Supervisor:
    """Keeps *services* running until SIGTERM or SIGINT."""

    def __init__(
        self,
        services: Sequence[Service],
        state: State,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        self._state = state
        self._children = {
            service.name: Child(service, state.log(service.name), folder, environment)
            for service in services
        }
        self._written: list[Status] = []
        self._stopping = False

    def run(self) -> None:
        """Supervise until a signal comes; raise AlreadyRunningError if another one does."""
        with self._state.held():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_signal)
            try:
                while not self._stopping:
                    self._step()
                    time.sleep(POLL)
            finally:
                self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _step(self) -> None:
        for child in self._children.values():
            child.poll()
            if child.is_due or (child.state == WAITING and self._may_start(child)):
                child.start()
            self._publish()

    def _may_start(self, child: Child) -> bool:
        needs = child.service.needs
        return needs is None or self._children[needs].state in GOOD

    def _publish(self) -> None:
        statuses = [child.status() for child in self._children.values()]
        if statuses != self._written:
            self._state.write(statuses)
            self._written = statuses

    def _stop(self) -> None:
        """Stop services before those that they need."""
        depths = {child.service.name: self._depth(child) for child in self._children.values()}
        for depth in sorted(set(depths.values()), reverse=True):
            wave = [self._children[name] for name in depths if depths[name] == depth]
            for child in wave:
                child.ask_to_stop()
            deadline = time.monotonic() + PATIENCE
            for child in wave:
                self._wait(child, deadline)

    def _depth(self, child: Child) -> int:
        """Return how many services have to be there before this one."""
        needs = child.service.needs
        return 1 + self._depth(self._children[needs]) if needs else 0

    def _wait(self, child: Child, deadline: float) -> None:
        if child.process:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(deadline - time.monotonic(), 0.1))
            child.end_group()
            child.process.wait()
