"""Start the processes of a world, each in a session of its own, so that all of it can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil

from chaos.root import ROOT
from include.local_aws.forked import ForkedProcess

Running = subprocess.Popen[bytes] | ForkedProcess


class Launch(Protocol):
    """Starts a command in a session of its own, which appends its output to *log*."""

    def __call__(
        self, command: list[str], environment: dict[str, str], inside: Path, log: Path
    ) -> Running: ...


def launched(
    command: list[str], environment: dict[str, str], inside: Path, log: Path
) -> subprocess.Popen[bytes]:
    """Start the command as a new program."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=inside,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


@dataclass
class Process:
    """A long-running command in its own session."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path  # folder of its log
    inside: Path = ROOT
    launch: Launch = launched
    running: Running | None = None

    def start(self) -> None:
        log = self.folder / f"{self.name}.log"
        self.running = self.launch(self.command, self.environment, self.inside, log)

    def kill(self) -> None:
        """Kill it and its children with SIGKILL, as a power cut would."""
        if self.running:
            while members := _session(self.running.pid):
                for pid in members:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            self.running.kill()  # it has no session in its first moment
            self.running.wait()
            self.running = None


def _session(leader: int) -> list[int]:
    """Return the living processes of a session: Airflow gives each task a group of its own."""
    members = []
    for process in psutil.process_iter(["status"]):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(process.pid) == leader and process.info["status"] != psutil.STATUS_ZOMBIE:
                members.append(process.pid)
    return members
