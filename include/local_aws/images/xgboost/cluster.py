"""Several instances that train one model: XGBoost's own collective, the tracker on the first.

The tracker must answer before an instance calls it, and until the last one has left. So the first
instance opens a door: who comes in is told where the tracker is, and all go out before it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from typing import Any

import xgboost as xgb
from paths import CONFIG
from xgboost.tracker import RabitTracker

KNOCK_AGAIN = 0.1  # seconds until an instance tries the door again, which may not be open yet
Arguments = dict[str, Any]


@contextlib.contextmanager
def together() -> Iterator[bool]:
    """Join the other instances; yields whether this is the one that reports and saves."""
    resources = json.loads((CONFIG / "resourceconfig.json").read_text())
    hosts = resources["hosts"]
    if len(hosts) == 1:
        yield True
        return
    door = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
    first = resources["current_host"] == hosts[0]
    meeting = _hosting(door, len(hosts)) if first else _visiting(door)
    with meeting as arguments, xgb.collective.CommunicatorContext(**arguments):
        yield first


@contextlib.contextmanager
def _hosting(door: tuple[str, int], instances: int) -> Iterator[Arguments]:
    tracker = RabitTracker(host_ip=door[0], n_workers=instances)
    arguments = _started(tracker, instances)
    with contextlib.ExitStack() as stack:
        entrance = stack.enter_context(socket.create_server(door))
        guests = [stack.enter_context(entrance.accept()[0]) for _ in range(instances - 1)]
        for guest in guests:
            guest.sendall(json.dumps(arguments).encode() + b"\n")
        yield arguments
        for guest in guests:
            guest.recv(1)  # returns when it has left


@contextlib.contextmanager
def _visiting(door: tuple[str, int]) -> Iterator[Arguments]:
    with _entered(door) as connection, connection.makefile() as told:
        yield json.loads(told.readline())


def _entered(door: tuple[str, int]) -> socket.socket:
    """The platform ends this instance when the first one fails: no limit of its own."""
    while True:
        try:
            return socket.create_connection(door)
        except ConnectionRefusedError:
            time.sleep(KNOCK_AGAIN)


def _started(tracker: RabitTracker, instances: int) -> Arguments:
    """What its workers need; since XGBoost 2.1 the tracker knows how many there are."""
    if xgb.__version__ < "2.1":
        tracker.start(instances)
        arguments: Arguments = tracker.worker_envs()
    else:
        tracker.start()
        arguments = tracker.worker_args()
    return arguments
