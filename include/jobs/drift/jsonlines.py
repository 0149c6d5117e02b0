"""Read data sets of JSON lines, with one object or array per row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from .payloads import Payload, decode
from .tables import Batch

BATCH = 1 << 13  # lines


def read_json_lines(source: Path) -> Iterator[Batch]:
    """Read one .json or .jsonl file, or all below a folder, a few thousand lines at a time."""
    files = [source] if source.is_file() else sorted(source.rglob("*.json*"))
    for path in files:
        with path.open(encoding="utf-8") as file:
            numbered = enumerate((line for line in file if line.strip()), 1)
            while lines := list(islice(numbered, BATCH)):
                payloads = [Payload(number, "JSON", line) for number, line in lines]
                for rows in decode(path.name, payloads, None):
                    yield Batch(path.name, rows)
