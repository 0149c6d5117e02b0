"""The disk of one instance: how much may be put on it."""

from __future__ import annotations

import threading

GIGABYTE = 1 << 30
FILES = 1_000_000  # a folder of more is no use to a job, and takes inodes from everything else


class VolumeFull(ValueError):
    """Raised when data do not fit; the message says how much room there is."""


class Volume:
    """Counts the bytes and files that are put on a disk of *size* bytes."""

    def __init__(self, size: int, files: int = FILES) -> None:
        self._size = size
        self._bytes = size
        self._files = files
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Take room for *size* more bytes; raise VolumeFull if there is too little."""
        if size < 0:
            raise VolumeFull(f"A file cannot have {size} bytes.")
        with self._lock:
            if size > self._bytes:
                raise VolumeFull(
                    f"No space left: the data are larger than the volume of {self._size} bytes. "
                    "Raise VolumeSizeInGB, or give the job less data."
                )
            self._bytes -= size

    def take_file(self) -> None:
        """Take room for one more file, folder or link."""
        with self._lock:
            if self._files == 0:
                raise VolumeFull("No space left: there are too many files. Pack them together.")
            self._files -= 1
