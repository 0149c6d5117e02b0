"""Find the other instances of a job, by what SageMaker writes into each container.

The first instance leads: it listens at its name, which every container resolves, and the others
connect to it. `MASTER_ADDR` and `MASTER_PORT`, PyTorch's own variables, name another address.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .connection import Connection, Lost

START = 900.0  # seconds until all instances must have started: each downloads its files first
RETRY = 0.2
GREETING = 30.0  # seconds for the first message
PORT = "7777"


@dataclass(frozen=True)
class Cluster:
    """The instances of a job, by name; *host* is this one."""

    host: str
    hosts: tuple[str, ...]
    start: float = START

    @property
    def leads(self) -> bool:
        return self.host == self.hosts[0]

    @property
    def address(self) -> tuple[str, int]:
        """Return where the first instance listens."""
        address = os.environ.get("MASTER_ADDR", self.hosts[0])
        return address, int(os.environ.get("MASTER_PORT", PORT))


def cluster_of(instances: Path) -> Cluster | None:
    """Return the instances that a resourceconfig.json names; None if there is only one."""
    if not instances.is_file():
        return None
    stated = json.loads(instances.read_text())
    hosts = tuple(sorted(stated["hosts"]))
    return Cluster(stated["current_host"], hosts) if len(hosts) > 1 else None


def joined(cluster: Cluster) -> Connection:
    """Return the connection of a further instance to the first one; raise Lost."""
    leader = cluster.hosts[0]
    connected = _retried(lambda: socket.create_connection(cluster.address, GREETING), cluster)
    connection = Connection(connected, leader)
    connection.send({"host": cluster.host})
    return connection


def gathered(cluster: Cluster) -> list[Connection]:
    """Return the connections of the first instance to all others; raise Lost."""
    absent = set(cluster.hosts) - {cluster.host}
    deadline = time.monotonic() + cluster.start
    connections: dict[str, Connection] = {}
    with _retried(lambda: socket.create_server(cluster.address), cluster) as listener:
        while absent:
            listener.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                accepted, _ = listener.accept()
            except TimeoutError:
                reason = f"it did not connect within {cluster.start:.0f} seconds"
                raise Lost(", ".join(sorted(absent)), reason) from None
            connection = Connection(accepted, "that connects", GREETING)
            if (name := _introduced(connection)) in absent:
                absent.remove(name)
                connections[name] = connection
            else:
                connection.close()  # not an instance of this job
    return [connections[name] for name in sorted(connections)]


def _introduced(connection: Connection) -> str | None:
    """Return the name that an instance says first; None of another program."""
    try:
        message = connection.receive()
    except (Lost, ValueError):
        return None
    if not isinstance(message, dict) or not isinstance(message.get("host"), str):
        return None
    connection.introduce(message["host"])
    return connection.peer


def _retried(connect: Callable[[], socket.socket], cluster: Cluster) -> socket.socket:
    """Retry until the other instance listens, and its name can be resolved."""
    deadline = time.monotonic() + cluster.start
    while True:
        try:
            return connect()
        except OSError as error:
            if time.monotonic() > deadline:
                reason = f"it cannot be reached within {cluster.start:.0f} seconds ({error})"
                raise Lost(cluster.hosts[0], reason) from None
            time.sleep(RETRY)
