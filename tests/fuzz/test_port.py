"""Requests through the port of a real server: HTTP, moto's S3 and the server's own paths."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import psutil
import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from include.local_aws.testing import Server
from tests.fuzz.http_request import Answer, Request
from tests.fuzz.properties import problem
from tests.fuzz.strategies import THROUGH_THE_PORT
from tests.include.local_aws import raw

MOST_GROWTH = 64 << 20  # bytes of memory; a leaked request body is larger
Fuzz = Callable[[Callable[[], None]], None]


def is_healthy(server: Server) -> bool:
    with urllib.request.urlopen(f"{server.url}/_local/health", timeout=10) as response:
        return bool(response.status == 200)


@pytest.mark.parametrize("kind", THROUGH_THE_PORT)
def test_no_request_breaks_the_port(server: Server, fuzz: Fuzz, kind: str) -> None:
    process = psutil.Process(server.process.pid)
    before = process.memory_info().rss

    @settings(phases=[Phase.generate])  # shrinking a request that hangs would wait for each
    @given(THROUGH_THE_PORT[kind])
    def check(request: Request) -> None:
        note(f"Repeat it with:\n{request.command(server.url)}")
        got = raw.request(server, request.method, request.target, request.headers, request.body)
        assert problem(request, Answer(got.status, got.headers, got.body)) is None
        raw.request(server, "DELETE", "/_local/faults")

    fuzz(check)
    assert is_healthy(server)
    assert process.memory_info().rss - before < MOST_GROWTH


def test_bytes_that_are_no_http_are_refused(server: Server) -> None:
    @given(st.binary(min_size=1, max_size=300))
    def check(data: bytes) -> None:
        with raw.connected(server) as connection:
            connection.sendall(data + b"\r\n\r\n")
            connection.shutdown(1)
            assert raw.received(connection).status in (0, 400, 403)  # "GET *" is HTTP without Host

    check()
    assert is_healthy(server)
