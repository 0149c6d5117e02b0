"""Connections that send nothing, or too much, or are too many: the server answers the others."""

from __future__ import annotations

import contextlib
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from include.local_aws import connections
from include.local_aws.core.processes import free_port
from include.local_aws.testing import Server
from tests.include.local_aws.raw import connected, received, request
from tests.root import ROOT

DESCRIPTORS = 512
MANY = 700


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server that may have few descriptors, with half a second for a header."""
    folder, port = tmp_path_factory.mktemp("limited"), free_port()
    code = (
        "import sys\n"
        "from include.local_aws import connections\n"
        "connections.HEADER_SECONDS = 3.0\n"
        "from include.local_aws.__main__ import main\n"
        "main()\n"
    )
    output = folder / "server.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", code, "--port", str(port)),
                *("--data-dir", str(folder), "--sandbox", "none"),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS)
            ),
        )
    server = Server(f"http://127.0.0.1:{port}", process, output)
    try:
        until_ready(server)
        yield server
    finally:
        process.terminate()
        process.wait(30)


def until_ready(server: Server) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{server.url}/_local/health", timeout=5).close()
            return
        time.sleep(0.05)
    raise TimeoutError(server.output.read_text())


def test_idle_connections_do_not_stop_service(limited: Server) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(connected(limited))
        for _ in range(3):
            assert request(limited, "GET", "/_local/health").status == 200
        assert limited.client("sagemaker").list_models()["Models"] == []
        assert limited.client("s3", s3={"addressing_style": "path"}).list_buckets()["Buckets"] == []
    assert limited.output.stat().st_size < 10_000, limited.output.read_text()[-2000:]


def test_newest_idle_connection_stays(limited: Server) -> None:
    """The connection that was idle longest is closed."""
    host = urlsplit(limited.url).netloc
    with contextlib.ExitStack() as stack:
        for _ in range(MANY):
            last = stack.enter_context(connected(limited))
        last.sendall(f"GET /_local/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert last.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("begin", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n", b"\r\n"])
def test_header_that_does_not_come_is_given_up(limited: Server, begin: bytes) -> None:
    with connected(limited) as connection:
        connection.sendall(begin)
        began = time.monotonic()
        assert received(connection).status == 0
        assert time.monotonic() - began < 20


def test_header_that_drips_is_given_up(limited: Server) -> None:
    with connected(limited) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 20:
                connection.sendall(b"x: y\r\n")
                time.sleep(0.2)
        assert time.monotonic() - began < 20


def test_header_that_is_too_large_is_refused(limited: Server) -> None:
    with connected(limited) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(b"GET / HTTP/1.1\r\nx: " + b"y" * (200 << 10))
        assert received(connection).status in (0, 400)


def test_connection_serves_many_requests_in_turn(limited: Server) -> None:
    host = urlsplit(limited.url).netloc
    one = f"GET /_local/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with connected(limited) as connection:
        for _ in range(3):
            connection.sendall(one)
            assert whole(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(one * 3)  # at once


def whole(connection: socket.socket) -> bytes:
    data = b""
    while b'"ready"}' not in data:
        data += connection.recv(1000)
    return data


def test_descriptors_are_left_for_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, most in {1024: 704, 512: 320, 65536: 49088, 64: 16}.items():
        connections.most_connections.cache_clear()
        monkeypatch.setattr(resource, "getrlimit", lambda _, limit=limit: (limit, limit))
        assert connections.most_connections() == most
    connections.most_connections.cache_clear()
