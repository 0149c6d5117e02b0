"""Store the bodies of S3 objects in files, which are opened for each call.

moto itself stores bodies in anonymous temporary files, with one descriptor each, until it ends.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any


class Objects:
    """The directory of bodies. A closed body is deleted once no saved snapshot names it."""

    root = Path()
    closed: list[str] = []  # noqa: RUF012  (one directory, one process)

    @classmethod
    def sweep(cls, names: list[str]) -> None:
        for name in names:
            (cls.root / name).unlink(missing_ok=True)


class DiskBuffer:
    """The methods of SpooledTemporaryFile that moto uses, with no descriptor between calls."""

    def __init__(self, name: str | None = None, *, borrowed: bool = False) -> None:
        self.name = name or uuid.uuid4().hex
        self._borrowed = borrowed
        self._position = 0

    @property
    def path(self) -> Path:
        return Objects.root / self.name

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        end = self.path.stat().st_size if whence == os.SEEK_END and self.path.exists() else 0
        self._position = end + offset

    def tell(self) -> int:
        return self._position

    def truncate(self) -> None:
        Objects.root.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")

    def write(self, data: bytes | Joined) -> None:
        """Write all of *data*, or leave no file behind on a full disk."""
        Objects.root.mkdir(parents=True, exist_ok=True)
        try:
            with self.path.open("r+b" if self.path.exists() else "wb") as file:
                file.seek(self._position)
                file.writelines(data.blocks() if isinstance(data, Joined) else [data])
                self._position = file.tell()
        except OSError:
            self.path.unlink(missing_ok=True)
            raise

    def read(self, size: int = -1) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self._position)
            data = file.read(size)
            self._position = file.tell()
            return data

    def close(self) -> None:
        if not self._borrowed:
            Objects.closed.append(self.name)


class Joined:
    """Several bodies as one, which is never in memory as a whole."""

    def __init__(self, bodies: list[DiskBuffer]) -> None:
        self._paths = [body.path for body in bodies]

    def __len__(self) -> int:
        return sum(path.stat().st_size for path in self._paths)

    def blocks(self) -> Iterator[bytes]:
        for path in self._paths:
            with path.open("rb") as file:
                yield from iter(partial(file.read, BLOCK), b"")


class DiskFiles:
    """Replaces the `tempfile` module inside moto.s3.models."""

    @staticmethod
    def SpooledTemporaryFile(*_: Any, **__: Any) -> DiskBuffer:  # noqa: N802  (moto's name for it)
        return DiskBuffer()


LARGE = 1 << 20


BLOCK = 1 << 20  # bytes in memory while a body is copied
