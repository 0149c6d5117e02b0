"""A real embedded AWS for tests and benchmarks, and faults for it.

In a `conftest.py`, `pytest_plugins = ["include.local_aws.testing"]` brings the fixture `local_aws`:

    def test_no_job_yet(local_aws: Server) -> None:
        assert boto3.client("sagemaker").list_training_jobs()["TrainingJobSummaries"] == []

Outside of pytest, `with running_server(folder) as server:` starts one on a free port.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from .core.processes import free_port
from .forked import ForkedProcess, ForkServer

REGION = "us-east-1"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
READY_TIMEOUT = 60.0  # seconds; far longer than a start takes, for machines under load
STOP_TIMEOUT = 30.0
# The folder of the top-level package, wherever it is installed.
_IMPORT_ROOT = Path(__file__).resolve().parents[__name__.count(".")]

Fault = dict[str, Any]


def connection_to(url: str) -> str:
    """Return an Airflow connection to the AWS at *url*, as its environment variable."""
    login = {"login": KEYS["aws_access_key_id"], "password": KEYS["aws_secret_access_key"]}
    extra = {"region_name": REGION, "endpoint_url": url}
    return json.dumps({"conn_type": "aws"} | login | {"extra": extra})


class Faults:
    """Inject faults into the embedded AWS at *url*, by its `/_local/faults`."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_local/faults"

    def operation(self, name: str, error: str | None = None, **options: Any) -> None:
        """Make operation *name* fail with *error*, or respond late.

        :param options: `when` ("before" or "after" the operation is executed), `probability`,
            `count`, `delay_ms`, `status`, `message`.
        """
        self.add({"operation": name, "error": error} | options)

    def resource(self, resource: str, event: str, name: str = ".*", **options: Any) -> None:
        """Make *event* happen to a *resource* whose name matches the pattern *name*.

        :param options: `reason`, `count`.
        """
        self.add({"resource": resource, "event": event, "name": name} | options)

    def add(self, fault: Fault) -> None:
        """Inject *fault*, a document for `POST /_local/faults`."""
        self._call("POST", fault)

    def all(self) -> list[Fault]:
        """Return every fault with its number of hits."""
        faults: list[Fault] = self._call("GET")["faults"]
        return faults

    def hits(self) -> int:
        """Return how often faults were injected, in total."""
        return sum(fault["hits"] for fault in self.all())

    def clear(self) -> None:
        """Remove every fault."""
        self._call("DELETE")

    def _call(self, method: str, document: Fault | None = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self._url, data=body, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)


@dataclass
class Server:
    """A running embedded AWS: its address, its process, and clients for it."""

    url: str
    process: subprocess.Popen[bytes] | ForkedProcess
    output: Path

    def client(
        self, service: str, *, region: str = REGION, account: str = "", **config: Any
    ) -> Any:
        """Return an unmodified boto3 client that fails at once instead of retrying.

        :param account: Twelve digits; the server's default account if empty.
        :param config: Options of botocore's Config.
        """
        keys = KEYS | ({"aws_access_key_id": account} if account else {})
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            **keys,
            config=Config(retries={"total_max_attempts": 1}, **config),
        )

    def environment(self) -> dict[str, str]:
        """Return the variables that point any AWS client at this server."""
        keys = {name.upper(): value for name, value in KEYS.items()}
        return keys | {"AWS_ENDPOINT_URL": self.url, "AWS_DEFAULT_REGION": REGION}

    @contextlib.contextmanager
    def faults(self, *faults: Fault) -> Iterator[Faults]:
        """Inject *faults*, and more through the yielded object, until the block ends."""
        injected = Faults(self.url)
        for fault in faults:
            injected.add(fault)
        try:
            yield injected
        finally:
            injected.clear()

    def kill(self) -> None:
        """Kill the process as a power cut would: no handler runs."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def running_server(
    data_dir: Path,
    time_scale: float = 1,
    sandbox: str = "auto",
    cache_dir: Path | None = None,
    regions: Sequence[str] = (),
    iam: str = "off",
    scps: Sequence[Path] = (),
) -> Iterator[Server]:
    """Run an embedded AWS on *data_dir* until the block ends.

    :param time_scale: Divides waiting: alarm periods, cooldowns, schedule delays.
    :param sandbox: "auto", "bubblewrap" or "none".
    :param cache_dir: The folder of image environments; the server's default if None.
    :param regions: The regions that it serves, the default one first; us-east-1 if empty.
    :param iam: "off", "record" or "enforce"; the root users' secret is in `root-secret` of
        *data_dir*.
    :param scps: Files of service control policies, for "enforce".
    :raises RuntimeError: The server did not become ready; the message holds its log.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    port, output = free_port(), data_dir / "server.log"
    arguments = [
        *("--port", str(port), "--data-dir", str(data_dir)),
        *("--time-scale", str(time_scale), "--sandbox", sandbox),
        *(argument for region in regions for argument in ("--region", region)),
        *(("--cache-dir", str(cache_dir)) if cache_dir else ()),
        *(("--iam", iam) if iam != "off" else ()),
        *(argument for file in scps for argument in ("--scp", str(file))),
    ]
    process = fork_server().start(arguments, _environment(), output)
    server = Server(f"http://127.0.0.1:{port}", process, output)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        _stop(process)


@pytest.fixture(scope="session")
def local_aws_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one embedded AWS for the whole test session; tests use unique names."""
    with running_server(tmp_path_factory.mktemp("aws"), time_scale=60) as server:
        yield server


@pytest.fixture
def local_aws(local_aws_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Point every AWS client of this test at the session's embedded AWS."""
    for name, value in local_aws_server.environment().items():
        monkeypatch.setenv(name, value)
    return local_aws_server


@functools.cache
def fork_server() -> ForkServer:
    """Return the process that forks servers, which forks of this one share if it exists before."""
    return ForkServer(_IMPORT_ROOT, _environment())


def _environment() -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    known = inherited.get("PYTHONPATH", "").split(os.pathsep)
    path = os.pathsep.join(dict.fromkeys([str(_IMPORT_ROOT), *filter(None, known)]))
    return inherited | {"PYTHONPATH": path}


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{server.url}/_local/health", timeout=5).close()  # noqa: S310
            return
        time.sleep(0.05)
    log = server.output.read_text()
    raise RuntimeError(f"The embedded AWS did not become ready. Read its log:\n{log}")


def _stop(process: ForkedProcess) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
