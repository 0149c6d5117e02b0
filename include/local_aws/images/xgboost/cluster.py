"""Several instances that train one model: XGBoost's own collective, the tracker on the first.

The tracker must run before an instance connects, and until the last one has ended. So the first
instance listens on a port: each other instance says whether it has data to train on, and gets the
tracker's address; the first one waits until all have disconnected before it ends. As in the
container, an instance without data takes no part.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

import xgboost as xgb
from paths import CONFIG
from xgboost.tracker import RabitTracker

WITH_DATA, WITHOUT_DATA = b"1", b"0"
RETRY_DELAY = 0.1  # seconds until an instance connects again
Arguments = dict[str, Any]


@contextlib.contextmanager
def together(has_data: bool = True) -> Iterator[bool]:
    """Join the other instances; yield whether this is the one that reports and saves.

    An instance without data ends here.
    """
    resources = json.loads((CONFIG / "resourceconfig.json").read_text())
    hosts = resources["hosts"]
    if len(hosts) == 1:
        yield True
        return
    address = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
    first = resources["current_host"] == hosts[0]
    if not first and not has_data:
        _decline(address)
        print(f"Host {resources['current_host']} not being used for distributed training.")
        sys.exit(0)
    connected = _hosting(address, len(hosts)) if first else _joining(address)
    with connected as arguments, xgb.collective.CommunicatorContext(**arguments):
        yield first


@contextlib.contextmanager
def _hosting(address: tuple[str, int], instances: int) -> Iterator[Arguments]:
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(address))
        others = [stack.enter_context(listener.accept()[0]) for _ in range(instances - 1)]
        peers = [other for other in others if other.recv(1) == WITH_DATA]
        tracker = RabitTracker(host_ip=address[0], n_workers=1 + len(peers))
        arguments = _started(tracker, 1 + len(peers))
        for peer in peers:
            peer.sendall(json.dumps(arguments).encode() + b"\n")
        yield arguments
        for peer in peers:
            peer.recv(1)  # returns when it has disconnected


@contextlib.contextmanager
def _joining(address: tuple[str, int]) -> Iterator[Arguments]:
    with _connected(address) as connection, connection.makefile() as line:
        connection.sendall(WITH_DATA)
        yield json.loads(line.readline())


def _decline(address: tuple[str, int]) -> None:
    with _connected(address) as connection:
        connection.sendall(WITHOUT_DATA)


def _connected(address: tuple[str, int]) -> socket.socket:
    """Connect without a time limit: the platform ends this instance if the first one fails."""
    while True:
        try:
            return socket.create_connection(address)
        except ConnectionRefusedError:
            time.sleep(RETRY_DELAY)


def _started(tracker: RabitTracker, instances: int) -> Arguments:
    """Start the tracker and return the arguments of its workers."""
    if xgb.__version__ < "2.1":
        tracker.start(instances)
        arguments: Arguments = tracker.worker_envs()
    else:
        tracker.start()
        arguments = tracker.worker_args()
    return arguments
