"""Faults on demand, as the embedded AWS takes them."""

from __future__ import annotations

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

from tests.local_server import Server


@contextlib.contextmanager
def faults(server: Server, *wanted: dict[str, Any]) -> Iterator[None]:
    """Bad days for the length of a with block."""
    for fault in wanted:
        _call(server, "POST", fault)
    try:
        yield
    finally:
        _call(server, "DELETE")


def _call(server: Server, method: str, fault: dict[str, Any] | None = None) -> None:
    body = json.dumps(fault).encode() if fault else None
    request = urllib.request.Request(f"{server.url}/_local/faults", body, method=method)
    urllib.request.urlopen(request).close()
