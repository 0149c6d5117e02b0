"""A load generator with little overhead, and the CPU time of a process under load.

The load comes from keep-alive sockets, one thread each, without a client library.
"""

from __future__ import annotations

import socket
import statistics
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psutil


@dataclass
class Sample:
    """Latencies of one target in seconds, and the duration of the measurement."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Sample) -> None:
        self.latencies += other.latencies
        self.seconds += other.seconds

    def percentile(self, percent: float) -> float:
        """Return a percentile in milliseconds."""
        return 1000 * statistics.quantiles(self.latencies, n=1000)[round(percent * 10) - 1]

    def summary(self) -> dict[str, float]:
        return {
            "requests": len(self.latencies),
            "p50_ms": round(self.percentile(50), 3),
            "p99_ms": round(self.percentile(99), 3),
            "requests_per_second": round(len(self.latencies) / self.seconds, 1),
        }


@dataclass(frozen=True)
class Target:
    """One URL and the request that is sent to it."""

    url: str
    body: bytes
    content_type: str = "text/csv"
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def request(self) -> bytes:
        where = urlsplit(self.url)
        more = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
        head = (
            f"POST {where.path or '/'} HTTP/1.1\r\nhost: {where.netloc}\r\n{more}"
            f"content-type: {self.content_type}\r\ncontent-length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body

    def connect(self) -> socket.socket:
        where = urlsplit(self.url)
        connection = socket.create_connection((where.hostname, where.port), timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU seconds of the process alone, without its children."""
    times = process.cpu_times()
    return float(times.user + times.system)


def measure(target: Target, requests: int, callers: int) -> Sample:
    """Measure in a closed loop: a caller sends its next request after the last response."""
    results: list[list[float]] = [[] for _ in range(callers)]
    threads = [
        threading.Thread(target=_call, args=(target, requests // callers, result))
        for result in results
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    latencies = [latency for result in results for latency in result]
    if len(latencies) != requests // callers * callers:
        raise RuntimeError(f"{target.url} failed some requests; see its log.")
    return Sample(latencies, time.perf_counter() - began)


def _call(target: Target, requests: int, latencies: list[float]) -> None:
    request = target.request
    connection = target.connect()
    for _ in range(requests):
        connection = _timed(target, request, connection, latencies)
    connection.close()


def paced(target: Target, requests: int, rate: float) -> Sample:
    """Measure at *rate* requests a second, one caller: a late request does not delay the next."""
    request = target.request
    latencies: list[float] = []
    connection = target.connect()
    began = time.perf_counter()
    for number in range(requests):
        time.sleep(max(0.0, began + number / rate - time.perf_counter()))
        connection = _timed(target, request, connection, latencies)
    connection.close()
    return Sample(latencies, time.perf_counter() - began)


def _timed(
    target: Target, request: bytes, connection: socket.socket, latencies: list[float]
) -> socket.socket:
    """Send *request* and keep its latency; return the connection for the next one."""
    sent = time.perf_counter()
    connection.sendall(request)
    reusable = _read_answer(connection, target.url)
    latencies.append(time.perf_counter() - sent)
    if reusable:
        return connection
    connection.close()
    return target.connect()


def _read_answer(connection: socket.socket, url: str) -> bool:
    """Read one response; return whether the connection can be reused."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(connection, url)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    if " 200" not in lines[0]:
        raise RuntimeError(f"{url} answered {lines[0]}: {body[:200]!r}")
    fields = dict(line.split(": ", 1) for line in lines[1:])
    while len(body) < int(fields["content-length"]):
        body += _received(connection, url)
    return fields.get("connection") != "close"


def _received(connection: socket.socket, url: str) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError(f"{url} hung up.")
    return data
