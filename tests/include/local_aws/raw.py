"""Requests byte by byte, as no client library would send them."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from include.local_aws.testing import Server

Headers = Mapping[str, str | None]


@dataclass
class Answer:
    """A response as it was received; status 0 when the connection was closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes


def connected(server: Server, timeout: float = 30) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((str(address.hostname), int(address.port or 0)), timeout)


def request(
    server: Server, method: str, path: str, headers: Headers | None = None, body: bytes = b""
) -> Answer:
    """Send one request; omit headers of None."""
    given = {
        "Host": urlsplit(server.url).netloc,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **(headers or {}),
    }
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""])
    with connected(server) as connection:
        connection.sendall(head.encode("latin-1") + body)
        return received(connection)


def page(server: Server, path: str = "/_local/", status: int = 200) -> str:
    """Read a page of the server, whose status must be *status*."""
    answer = request(server, "GET", path)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return answer.body.decode()


def cut_off(server: Server, method: str, path: str, headers: Headers, body: bytes) -> None:
    """Send less than the Content-Length, and disconnect."""
    given = {"Host": urlsplit(server.url).netloc, "Content-Length": str(len(body) + 10), **headers}
    lines = [f"{name}: {value}" for name, value in given.items()]
    with connected(server) as connection:
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""])
        connection.sendall(head.encode() + body)


def received(connection: socket.socket) -> Answer:
    """Read until the server closes the connection."""
    parts = []
    try:
        while part := connection.recv(1 << 16):
            parts.append(part)
    except ConnectionResetError:
        pass
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    if not head:
        return Answer(0, {}, b"")
    status, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines)
    return Answer(
        int(status.split()[1]), {name.lower(): value.strip() for name, _, value in fields}, body
    )
