"""Connections with boto3 clients of a test, for answers that no server gives at will."""

from __future__ import annotations

from typing import Any

from prodml.aws.client import Aws


def connected(**clients: Any) -> Aws:
    """Return a connection with *clients* by service; `_` in a name stands for `-`."""
    named = {name.replace("_", "-"): client for name, client in clients.items()}
    once = {f"{name}, without retries": client for name, client in named.items()}
    return Aws(_clients=named | once)
