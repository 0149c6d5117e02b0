"""A separate Redis server for one run: the broker between Airflow and Celery."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from include.local_aws.core.processes import free_port

READY_WITHIN = 30.0
MISSING = "redis-server is not installed. Install it (Debian: apt-get install redis-server)."


class NoRedisError(RuntimeError):
    """Raised when Redis is not installed."""


def redis_server() -> str | None:
    """Return the path of redis-server, if it is installed."""
    return shutil.which("redis-server")


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """Run an empty Redis; yield its address (host:port), or raise NoRedisError."""
    program = redis_server()
    if program is None:
        raise NoRedisError(MISSING)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="prodml-redis-") as folder:
        where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", ""]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen([program, *where], stdout=log, stderr=log)
        try:
            _wait(server, port, Path(folder) / "log")
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise NoRedisError(f"Redis did not start: {log.read_text()}")
