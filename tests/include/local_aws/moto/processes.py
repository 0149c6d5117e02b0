"""The process of moto behind a server."""

from __future__ import annotations

from typing import Any

import psutil

from include.local_aws.testing import Server


def moto_of(server: Server) -> psutil.Process:
    """Return the only child of *server* that listens; model servers are children of a sandbox."""
    children = psutil.Process(server.process.pid).children()
    (moto,) = (child for child in children if listening(child))
    return moto


def listening(process: psutil.Process) -> list[Any]:
    """Return the addresses at which *process* listens."""
    opened = process.net_connections("inet")
    return [c.laddr for c in opened if c.status == psutil.CONN_LISTEN]
