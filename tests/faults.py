"""Faults on demand for tests: what AWS does on a bad day, asked for by name."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Fault = dict[str, Any]


class Faults:
    """`/_local/faults` of the embedded AWS at *url*."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/_local/faults"

    def operation(self, name: str, error: str | None = None, **options: Any) -> None:
        """Let operation *name* fail with *error*, or be late with `delay_ms`.

        Options: when ("before" or "after"), probability, count, delay_ms, status, message.
        """
        self._call("POST", {"operation": name, "error": error} | options)

    def resource(self, resource: str, event: str, name: str = ".*", **options: Any) -> None:
        """Let *event* happen to a resource whose name matches; options: reason, count."""
        self._call("POST", {"resource": resource, "event": event, "name": name} | options)

    def all(self) -> list[Fault]:
        """Every fault that was asked for, with its hits."""
        found: list[Fault] = self._call("GET")["faults"]
        return found

    def hits(self) -> int:
        return sum(fault["hits"] for fault in self.all())

    def clear(self) -> None:
        self._call("DELETE")

    def _call(self, method: str, document: Any = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self._url, data=body, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


@contextmanager
def faults(url: str) -> Iterator[Faults]:
    """Faults that end with the block."""
    asked = Faults(url)
    try:
        yield asked
    finally:
        asked.clear()
