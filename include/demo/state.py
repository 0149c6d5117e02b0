"""The supervisor's state, in `.local/run`: who holds the lock runs, and writes `services.json`."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

WAITING, STARTING, RUNNING = "waiting", "starting", "running"
RESTARTING, DONE = "restarting", "done"
GOOD = frozenset({RUNNING, DONE})


class AlreadyRunningError(RuntimeError):
    """Raised when another supervisor holds the lock."""


@dataclass(frozen=True)
class Status:
    """One service, as the supervisor last saw it."""

    name: str
    state: str = WAITING
    pid: int | None = None
    restarts: int = 0
    exit_code: int | None = None
    address: str = ""


@dataclass(frozen=True)
class State:
    """The files of one supervisor, below *folder*."""

    folder: Path

    @property
    def _lock(self) -> Path:
        return self.folder / "supervisor.lock"

    @property
    def _services(self) -> Path:
        return self.folder / "services.json"

    def log(self, service: str) -> Path:
        """Return the file that holds what *service* prints."""
        return self.folder / f"{service}.log"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the one supervisor until the block ends, however the process ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunningError(
                    f"Process {self.supervisor()} supervises the services already. "
                    "Stop it with `make down`."
                ) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield
            finally:
                self._services.unlink(missing_ok=True)

    def supervisor(self) -> int | None:
        """Return the process id of the supervisor, or None if none runs."""
        if not self._lock.exists():
            return None
        with self._lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0) or None
        return None

    def write(self, services: list[Status]) -> None:
        """Replace what :meth:`read` returns, at once."""
        unfinished = self._services.with_suffix(".new")
        unfinished.write_text(json.dumps([asdict(status) for status in services], indent=1))
        unfinished.replace(self._services)

    def read(self) -> list[Status]:
        """Return all services in the order in which they start; none without a supervisor."""
        if self.supervisor() is None or not self._services.exists():
            return []
        return [Status(**fields) for fields in json.loads(self._services.read_text())]
