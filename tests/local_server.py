"""A real embedded AWS for tests, in a process of its own on a free port."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from include.local_aws.processes import free_port

ROOT = Path(__file__).resolve().parents[1]
REGION = "us-east-1"
READY_WITHIN = 60.0  # seconds; far above what it takes, for machines that are busy
STOPPED_WITHIN = 30.0


def connection_to(url: str) -> str:
    """An Airflow connection to the AWS at *url*, as its environment variable holds it."""
    extra = {"region_name": REGION, "endpoint_url": url}
    return json.dumps({"conn_type": "aws", "login": "test", "password": "test", "extra": extra})


@dataclass
class Server:
    """A running embedded AWS: its address, its process, and clients for it."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path

    def client(self, service: str, **config: Any) -> Any:
        """An unmodified boto3 client which fails at once rather than trying again."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, **config),
        )

    def kill(self) -> None:
        """What a power cut does: no handler runs."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def running_server(
    data_dir: Path, time_scale: float = 1, sandbox: str = "auto"
) -> Iterator[Server]:
    """An embedded AWS on *data_dir*, for the length of a with block."""
    data_dir.mkdir(parents=True, exist_ok=True)
    port, output = free_port(), data_dir / "server.log"
    command = [
        *(sys.executable, "-m", "include.local_aws", "--port", str(port)),
        *("--data-dir", str(data_dir), "--cache-dir", str(ROOT / ".local" / "images")),
        *("--time-scale", str(time_scale), "--sandbox", sandbox),
    ]
    with output.open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(), stdout=log, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", process, output)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        _stop(process)


@contextlib.contextmanager
def running_local_aws(
    data_dir: Path, time_scale: float = 1, sandbox: str = "auto"
) -> Iterator[str]:
    """The same, for those who only need the endpoint's URL."""
    with running_server(data_dir, time_scale, sandbox) as server:
        yield server.url


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    return inherited | {"PYTHONPATH": path}


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{server.url}/_local/health", timeout=5).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"The embedded AWS is not ready; its log says:\n{server.output.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
