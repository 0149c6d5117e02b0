"""The disk space of one instance."""

from __future__ import annotations

import threading

GIGABYTE = 1 << 30
FILES = 1_000_000  # more files would take the inodes of the whole machine


class VolumeFull(ValueError):
    """Raised when data do not fit; the message has the size of the volume."""


class Volume:
    """Counts the bytes and files that are written to a disk of *size* bytes."""

    def __init__(self, size: int, files: int = FILES) -> None:
        self._size = size
        self._bytes = size
        self._files = files
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Reserve *size* more bytes; raise VolumeFull if there are too few."""
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
        """Reserve one more file, folder or link; raise VolumeFull if there are too many."""
        with self._lock:
            if self._files == 0:
                raise VolumeFull("No space left: there are too many files. Pack them together.")
            self._files -= 1
