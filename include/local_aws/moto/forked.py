"""Fork moto from a process that has imported it, instead of starting an interpreter."""

from __future__ import annotations

import importlib
import os
import signal
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path

from ..core.processes import die_with_parent
from . import access
from .process import Child, started
from .server import serve

SERVICES = ("s3", "iam", "sts")
USUAL = ("moto.server", *(f"moto.{service}.urls" for service in SERVICES), "werkzeug.test")


class Fork:
    """A forked child as `subprocess.Popen` shows one; several threads may wait for it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._waiting = threading.Lock()

    def poll(self) -> int | None:
        if self.returncode is None and self._waiting.acquire(blocking=False):
            try:
                self._reap(os.WNOHANG)
            finally:
                self._waiting.release()
        return self.returncode

    def wait(self) -> int:
        while (code := self.returncode) is None:
            with self._waiting:
                if self.returncode is None:
                    self._reap(0)
        return code

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _reap(self, options: int) -> None:
        ended, status = os.waitpid(self.pid, options)
        if ended:
            self.returncode = os.waitstatus_to_exitcode(status)


def preload() -> None:
    """Import what moto needs for its first requests, and read the models of their services."""
    for name in USUAL:
        importlib.import_module(name)
    from moto.core.utils import get_service_model

    for service in SERVICES:
        get_service_model(service)  # which moto caches


def forked(arguments: Sequence[str], key: str) -> Child:
    """Run moto in a child of this process; a process with threads cannot fork, and starts it."""
    if threading.active_count() > 1:
        return started(arguments, key)
    if pid := os.fork():
        return Fork(pid)
    try:
        from moto.moto_api._internal import mock_random

        die_with_parent()
        mock_random.seed()  # else every moto would have the same identifiers
        os.environ[access.VARIABLE] = key
        serve(int(arguments[0]), Path(arguments[1]), *arguments[2:])
    except BaseException:  # noqa: BLE001 -- nothing of the parent may run here
        traceback.print_exc()
    os._exit(1)
