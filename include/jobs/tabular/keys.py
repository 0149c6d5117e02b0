"""Find keys that occur more than once, in bounded memory: hashes wait on disk."""

from __future__ import annotations

import tempfile
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np

from .hashing import Hashes

BUCKETS = 256  # files on disk, by the first bits of a hash
SHIFT = np.uint64(56)
HELD = 1 << 20  # hashes in memory before they are written to disk


class KeyLog:
    """The hashes of all keys of a window; several threads may add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: list[Hashes] = []
        self._count = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        if self._folder:
            self._folder.cleanup()

    def add(self, hashes: Hashes) -> None:
        with self._lock:
            self._held.append(hashes)
            self._count += len(hashes)
            if self._count >= HELD:
                self._spill()

    def repeated(self) -> tuple[Hashes, int]:
        """Return the hashes that occur more than once, and the number of surplus occurrences."""
        if not self._folder:
            return _repeated(np.concatenate([np.empty(0, np.uint64), *self._held]))
        self._spill()
        buckets = sorted(Path(self._folder.name).iterdir())
        parts = [_repeated(np.fromfile(path, "<u8")) for path in buckets]
        return np.concatenate([hashes for hashes, _ in parts]), sum(count for _, count in parts)

    def _spill(self) -> None:
        if not self._held:
            return
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="keys-")
        hashes = np.sort(np.concatenate(self._held))
        self._held, self._count = [], 0
        ends = np.searchsorted(hashes >> SHIFT, np.arange(BUCKETS + 1, dtype=np.uint64))
        for bucket, (start, end) in enumerate(pairwise(ends.tolist())):
            with (Path(self._folder.name) / f"{bucket:03d}").open("ab") as file:
                hashes[start:end].astype("<u8").tofile(file)


def _repeated(hashes: Hashes) -> tuple[Hashes, int]:
    hashes = np.sort(hashes)
    again = hashes[1:] == hashes[:-1]
    return np.unique(hashes[1:][again]), int(np.count_nonzero(again))
